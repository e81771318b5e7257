/**
 * Builds the addon, or with --sanitize the native tests, from what npm has installed: nothing is downloaded.
 *
 *   node native/build.mjs                      build/Release/dramatis.node and the ggml libraries beside it
 *   DRAMATIS_GGML=source node native/build.mjs the same with ggml compiled here too
 *   DRAMATIS_BUILD_OUT=FOLDER node native/build.mjs   FOLDER in place of build
 *   DRAMATIS_CMAKE_FLAGS="-DGGML_CUDA=ON" …    more flags for ggml's own build (source only)
 *   node native/build.mjs --sanitize --run     native/test under address and UB sanitizers, and run them
 *   node native/build.mjs --sanitize --where   builds them and prints where they are
 *
 * llama.cpp takes minutes, so its static libraries live in a cache outside the checkout, named by a
 * hash of everything they are made from; so do the last few addons, for fresh checkouts of sources that were compiled
 * before. A finished entry is renamed into place: two builds at once can at worst do the work twice, and normally the
 * second waits for the first.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  bundle,
  layOutSource,
  packageFolder,
  packedSource,
  patches,
  patchRpc,
  rpcSource,
} from './llama-source.mjs';

const root = path.resolve(import.meta.dirname, '..');
const sanitize = process.argv.includes('--sanitize');
const platformPackage = prebuiltFolder();
const ggml = sanitize || !platformPackage ? 'source' : (process.env.DRAMATIS_GGML ?? 'prebuilt');
const extraFlags = (process.env.DRAMATIS_CMAKE_FLAGS ?? '').split(/\s+/).filter(Boolean);
const jobs = String(os.availableParallelism());

if (!['prebuilt', 'source'].includes(ggml)) {
  fail(`DRAMATIS_GGML is "${ggml}"; it must be "prebuilt" or "source"`);
}
requireTool('cmake', 'CMake 3.18 or newer');
requireTool(process.env.CXX ?? 'c++', 'a C++17 compiler');
if (!packedSource(root))
  requireTool('git', 'git, which unpacks the llama.cpp source that npm installed');

const cache = path.join(cacheFolder(), engineKey());
const source = path.join(cache, 'source');
const libraries = path.join(cache, 'build');
const addonsFolder = `${cache}-addons`;
const mostAddons = 8;
if (!fs.existsSync(path.join(cache, 'done'))) buildEngine();
if (sanitize) buildTests();
else buildAddon();

/** The folder of ggml's prebuilt libraries for this platform, if its package is installed. */
function prebuiltFolder() {
  const name = {
    'linux-x64': 'linux-x64',
    'linux-arm64': 'linux-arm64',
    'darwin-arm64': 'mac-arm64-metal',
    'darwin-x64': 'mac-x64',
  }[`${process.platform}-${process.arch}`];
  if (!name) return undefined;
  const folder = packageFolder(root, `@node-llama-cpp/${name}`);
  return folder && path.join(folder, 'bins', name);
}

function cacheFolder() {
  const { DRAMATIS_BUILD_CACHE, XDG_CACHE_HOME } = process.env;
  return (
    DRAMATIS_BUILD_CACHE ??
    path.join(XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'dramatis', 'build')
  );
}

/** Everything the static libraries are made from, as one name. */
function engineKey() {
  const compiler = execFileSync(process.env.CXX ?? 'c++', ['--version'], { encoding: 'utf8' });
  const hash = createHash('sha256');
  // What comes patched with its package is known by the version of that.
  const origin = packedSource(root) ? [path.join(root, 'package.json')] : [bundle(root)];
  for (const file of [...origin, ...patches(root), path.join(root, 'native/llama.cmake')]) {
    hash.update(fs.readFileSync(file));
  }
  // -march=native code of one processor must not be found by another that shares the home folder.
  const target = ggml === 'source' ? (os.cpus()[0]?.model ?? '') : '';
  hash.update(
    JSON.stringify([
      compiler,
      ggml,
      sanitize,
      extraFlags,
      target,
      process.env.CFLAGS,
      process.env.CXXFLAGS,
    ]),
  );
  return `${ggml}${sanitize ? '-sanitized' : ''}-${hash.digest('hex').slice(0, 16)}`;
}

function buildEngine() {
  fs.mkdirSync(path.dirname(cache), { recursive: true });
  const unlock = lock(`${cache}.lock`);
  try {
    if (fs.existsSync(path.join(cache, 'done'))) return;
    say(`compiling llama.cpp (${ggml} ggml), some minutes, once: ${cache}`);
    // What a build that was cut short has compiled stays good: all of it is made from what names the folder.
    if (!fs.existsSync(source)) {
      fs.rmSync(cache, { recursive: true, force: true });
      layOutSource(root, `${source}.part`);
      fs.renameSync(`${source}.part`, source);
    }
    cmake(libraries, 'llama');
    fs.writeFileSync(path.join(cache, 'done'), '');
    // What later stages need stays: the headers, the archives. The rest is 200 MB of objects.
    for (const name of fs.readdirSync(source)) {
      if (!['include', 'src', 'ggml', 'common', 'grammars', 'LICENSE'].includes(name)) {
        fs.rmSync(path.join(source, name), { recursive: true, force: true });
      }
    }
    for (const name of fs.readdirSync(libraries, { recursive: true })) {
      if (name.endsWith('.o')) fs.rmSync(path.join(libraries, name));
    }
  } finally {
    unlock();
  }
}

/** The RPC back-end, compiled once for these patches; the path of its module. Seconds: not a part of the engine's entry. */
function buildRpc() {
  const hash = createHash('sha256');
  for (const file of [...patches(root, 'rpc'), path.join(root, 'native/rpc.cmake')])
    hash.update(fs.readFileSync(file));
  const entry = `${cache}-rpc-${hash.digest('hex').slice(0, 8)}`;
  const built = path.join(entry, 'build');
  const unlock = lock(`${entry}.lock`);
  try {
    if (!fs.existsSync(path.join(entry, 'done'))) {
      fs.rmSync(entry, { recursive: true, force: true });
      const patched = path.join(entry, 'source');
      fs.cpSync(path.join(source, rpcSource), path.join(patched, rpcSource), { recursive: true });
      patchRpc(root, patched);
      cmake(built, 'rpc', root, {
        DRAMATIS_RPC_SOURCE: path.join(patched, rpcSource),
        DRAMATIS_GGML_LIBS: platformPackage,
      });
      fs.writeFileSync(path.join(entry, 'done'), '');
    }
  } finally {
    unlock();
  }
  return path.join(
    built,
    fs.readdirSync(built).find((name) => /^(lib)?ggml-rpc\.(so|dylib|dll)$/.test(name)),
  );
}

function buildAddon() {
  const out = process.env.DRAMATIS_BUILD_OUT ?? path.join(root, 'build');
  const cmakeJs = path.join(packageFolder(root, 'cmake-js'), 'bin', 'cmake-js');
  const defines = {
    ...stageDefines('addon'),
    DRAMATIS_GGML_LIBS: platformPackage ?? '',
    // cmake-js does not find it where it lies beside an installed package.
    DRAMATIS_NODE_ADDON_API: packageFolder(root, 'node-addon-api'),
  };
  const release = path.join(out, 'Release');
  const addon = path.join(release, 'dramatis.node');
  const kept = path.join(addonsFolder, addonKey());
  if (fs.existsSync(kept) && !fs.existsSync(path.join(out, 'CMakeCache.txt'))) {
    fs.mkdirSync(release, { recursive: true });
    fs.copyFileSync(kept, addon);
  } else {
    forgetMoved(out);
    for (const verb of ['configure', 'build']) {
      run(process.execPath, [
        cmakeJs,
        verb,
        '--directory',
        root,
        '--out',
        out,
        '--parallel',
        jobs,
        '--log-level',
        'warn',
        ...Object.entries(defines).map(([name, value]) => `--CD${name}=${value}`),
      ]);
    }
    keepAddon(addon, kept);
  }
  if (ggml === 'prebuilt') {
    for (const name of fs.readdirSync(platformPackage)) {
      if (/^(lib)?ggml-(base|cpu|blas|metal)/.test(name))
        copyIfNewer(path.join(platformPackage, name), release);
    }
    copyIfNewer(buildRpc(), release);
    // Modules for GPUs are taken from packages of the same version alone.
    const { version } = JSON.parse(
      fs.readFileSync(path.join(packageFolder(root, 'node-llama-cpp'), 'package.json'), 'utf8'),
    );
    fs.writeFileSync(
      path.join(release, 'build.json'),
      `${JSON.stringify({ nodeLlamaCpp: version }, null, 2)}\n`,
    );
  }
  say(`built ${path.relative(process.cwd(), path.join(release, 'dramatis.node'))}`);
}

/** Everything the addon is made from beside the engine, as one name. */
function addonKey() {
  const hash = createHash('sha256');
  for (const name of ['cmake-js', 'node-addon-api'])
    hash.update(fs.readFileSync(path.join(packageFolder(root, name), 'package.json')));
  const native = fs.readdirSync(path.join(root, 'native'), { recursive: true }).sort();
  for (const name of ['CMakeLists.txt', ...native.map((one) => path.join('native', one))]) {
    const file = path.join(root, name);
    if (name.startsWith(path.join('native', 'test')) || fs.statSync(file).isDirectory()) continue;
    hash.update(`${name}\n`).update(fs.readFileSync(file));
  }
  hash.update(process.version);
  return `${hash.digest('hex').slice(0, 16)}.node`;
}

/** Keeps an addon for fresh checkouts of the same sources; of the last few alone. */
function keepAddon(addon, kept) {
  fs.mkdirSync(addonsFolder, { recursive: true });
  const temporary = `${kept}.${process.pid}`;
  fs.copyFileSync(addon, temporary);
  fs.renameSync(temporary, kept);
  const ages = fs
    .readdirSync(addonsFolder)
    .map((name) => path.join(addonsFolder, name))
    .map((file) => ({ file, at: fs.statSync(file).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of ages.slice(mostAddons)) fs.rmSync(file, { force: true });
}

/** CMake refuses a build folder that was made elsewhere: of a checkout that was moved or copied it begins anew. */
function forgetMoved(folder) {
  const file = path.join(folder, 'CMakeCache.txt');
  if (!fs.existsSync(file)) return;
  const [, home] =
    /^CMAKE_HOME_DIRECTORY:INTERNAL=(.*)$/m.exec(fs.readFileSync(file, 'utf8')) ?? [];
  if (home !== undefined && path.resolve(home) === root) return;
  fs.rmSync(file);
  fs.rmSync(path.join(folder, 'CMakeFiles'), { recursive: true, force: true });
}

/**
 * Builds the native tests beside the engine in the cache, from a copy of the sources in which only what changed is
 * touched: a fresh clone compiles what differs from the last one that was tested, and not all of it again.
 */
function buildTests() {
  const copy = `${cache}-tests`;
  const unlock = lock(`${copy}.lock`, 'another build runs the native tests; waiting for it');
  try {
    const sources = path.join(copy, 'source');
    mirror(path.join(root, 'native'), path.join(sources, 'native'));
    mirror(path.join(root, 'CMakeLists.txt'), path.join(sources, 'CMakeLists.txt'));
    cmake(path.join(copy, 'build'), 'test', sources);
    if (process.argv.includes('--run')) runTests(path.join(copy, 'build'));
    if (process.argv.includes('--where')) console.log(path.join(copy, 'build'));
  } finally {
    unlock();
  }
}

function runTests(folder) {
  const tests = fs
    .readdirSync(path.join(root, 'native/test'))
    .filter((name) => name.endsWith('_test.cc'));
  let failed = 0;
  for (const test of tests) {
    const name = path.basename(test, '.cc');
    const start = performance.now();
    const { status } = spawnSync(path.join(folder, name), { stdio: 'inherit' });
    if (status !== 0) failed++;
    console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  console.log(`native tests: ${tests.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Makes `to` what `from` is; files whose content is the same keep their times. */
function mirror(from, to) {
  if (!fs.statSync(from).isDirectory()) {
    const bytes = fs.readFileSync(from);
    if (fs.existsSync(to) && bytes.equals(fs.readFileSync(to))) return;
    fs.writeFileSync(to, bytes);
    return;
  }
  fs.mkdirSync(to, { recursive: true });
  const names = fs.readdirSync(from);
  for (const name of fs.readdirSync(to))
    if (!names.includes(name)) fs.rmSync(path.join(to, name), { recursive: true });
  for (const name of names) mirror(path.join(from, name), path.join(to, name));
}

function stageDefines(stage) {
  return {
    DRAMATIS_STAGE: stage,
    DRAMATIS_GGML: ggml,
    DRAMATIS_LLAMA_SOURCE: source,
    DRAMATIS_LLAMA_BUILD: libraries,
    DRAMATIS_SANITIZE: sanitize ? 'ON' : 'OFF',
  };
}

function cmake(folder, stage, sources = root, more = {}) {
  const defines = Object.entries({ ...stageDefines(stage), ...more }).map(
    ([name, value]) => `-D${name}=${value}`,
  );
  run('cmake', [
    '-S',
    sources,
    '-B',
    folder,
    '-DCMAKE_BUILD_TYPE=Release',
    ...defines,
    ...extraFlags,
  ]);
  run('cmake', ['--build', folder, '--parallel', jobs]);
}

function copyIfNewer(file, folder) {
  const target = path.join(folder, path.basename(file));
  const [from, to] = [fs.statSync(file), fs.statSync(target, { throwIfNoEntry: false })];
  if (to && to.size === from.size && to.mtimeMs >= from.mtimeMs) return;
  const temporary = `${target}.${process.pid}`;
  fs.copyFileSync(file, temporary);
  fs.renameSync(temporary, target);
}

/** Waits until `file` can be created; a lock whose process on this host is gone is taken over. */
function lock(file, waiting = 'another build is compiling llama.cpp; waiting for it') {
  const mine = JSON.stringify({ host: os.hostname(), pid: process.pid });
  for (let waited = false; ; waited = true) {
    try {
      fs.writeFileSync(file, mine, { flag: 'wx' });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isStale(file)) fs.rmSync(file, { force: true });
    else {
      if (!waited) say(waiting);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
    }
  }
}

function isStale(file) {
  try {
    const { host, pid } = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (host !== os.hostname()) return Date.now() - fs.statSync(file).mtimeMs > 60 * 60_000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Gone already, or its writer died, or it was cut short while being written.
    return error.code !== 'EPERM';
  }
}

function run(command, args) {
  const quiet = command === 'cmake' || command === process.execPath;
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: quiet ? 'pipe' : 'inherit',
  });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  fail(
    `${path.basename(command)} ${args.slice(0, 2).join(' ')} failed: ${error?.message ?? `exit ${status}`}`,
  );
}

function requireTool(command, what) {
  if (spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0) return;
  fail(`"${command}" was not found; Dramatis is built here and needs ${what}`);
}

function say(message) {
  console.error(`dramatis: ${message}`);
}

function fail(message) {
  say(message);
  process.exit(1);
}
