/**
 * A stranger's view of the packages: makes them, checks the tarballs with publint and attw, installs them in an empty
 * folder without running scripts, and there compiles and runs the program that README.md shows.
 *
 * The types are compiled with `skipLibCheck` off and without any setting that a new project would not have.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dramatis-consumer-'));
const own = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

try {
  const tarballs = step('pack', pack);
  const tarball = tarballs.find((name) =>
    path.basename(name).startsWith(`${own.name}-${own.version}`),
  );
  step('publint', () => run(bin('publint'), ['run', tarball, '--strict'], root));
  step('attw', () =>
    run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-definitely-typed'], root),
  );
  step('install', () => install(tarballs));
  step('doctor', examine);
  if (process.platform === 'linux') step('libstdc++', examineLibraries);
  step('compile', compile);
  step('run', () => {
    const said = run(process.execPath, ['program.js'], work);
    if (said.trim() === '') throw new Error('the program of README.md printed nothing');
    return said;
  });
} catch (error) {
  console.error(`${error.stdout ?? ''}${error.stderr ?? ''}${error.message}`);
  process.exitCode = 1;
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function step(name, task) {
  const start = performance.now();
  const result = task();
  console.log(`consumer: ${name}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function bin(name) {
  return path.join(root, 'node_modules', '.bin', name);
}

/** Tarballs of the program and of its compiled part for this system. */
function pack() {
  const script = path.join(root, '.ci', 'pack.mjs');
  return run(process.execPath, [script, work], root).trim().split('\n');
}

function install(tarballs) {
  const tools = ['typescript', '@types/node'].map((name) => {
    const manifest = path.join(root, 'node_modules', name, 'package.json');
    return `${name}@${JSON.parse(fs.readFileSync(manifest, 'utf8')).version}`;
  });
  write('package.json', { name: 'consumer', private: true, type: 'module' });
  const flags = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--silent'];
  run('npm', ['install', ...flags, ...tarballs, ...tools], work);
}

/** The addon in use is that of the package, and not one that lies elsewhere on this machine. */
function examine() {
  const program = path.join(work, 'node_modules', '.bin', own.name);
  const { addon } = JSON.parse(run(process.execPath, [program, 'doctor', '--json'], work));
  const packages = path.join(fs.realpathSync(work), 'node_modules', '@dramatis');
  if (!addon.loaded || !addon.path.startsWith(packages))
    throw new Error(`doctor found the addon ${addon.path}: ${addon.error ?? 'not in the package'}`);
}

/** What is compiled here asks for no libstdc++ of this compiler, which an older system lacks, where it may have its own. */
function examineLibraries() {
  const archive = run(process.env.CXX ?? 'c++', ['-print-file-name=libstdc++.a'], work).trim();
  if (!path.isAbsolute(archive)) return;
  const folder = path.join(work, 'node_modules', '@dramatis', `linux-${process.arch}`);
  for (const name of ['dramatis.node', 'libggml-rpc.so']) {
    const needed = run('readelf', ['--dynamic', '--wide', path.join(folder, name)], work);
    if (needed.includes('libstdc++'))
      throw new Error(`${name} needs the libstdc++ of the compiler that made it`);
  }
}

function compile() {
  fs.writeFileSync(path.join(work, 'program.ts'), program());
  write('tsconfig.json', {
    compilerOptions: {
      ...{ module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false },
      ...{ exactOptionalPropertyTypes: true, types: ['node'] },
    },
    files: ['program.ts'],
  });
  run(process.execPath, [path.join('node_modules', 'typescript', 'bin', 'tsc')], work);
}

/** The one block of TypeScript in README.md that imports the package. */
function program() {
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  const programs = blocks.filter((code) => code.includes(`from '${own.name}'`));
  if (programs.length !== 1)
    throw new Error(
      `README.md has ${programs.length} blocks of TypeScript that import from '${own.name}'; one is wanted`,
    );
  return programs[0];
}

function write(name, value) {
  fs.writeFileSync(path.join(work, name), `${JSON.stringify(value, null, 2)}\n`);
}
