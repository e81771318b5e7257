/**
 * Makes the packages that are published, from this checkout as it is built, and prints the path of each tarball.
 *
 *   node .ci/pack.mjs FOLDER                              dramatis and the package of this platform
 *   node .ci/pack.mjs FOLDER --addon linux-arm64=OTHER    and that of another, built there
 *   node .ci/pack.mjs FOLDER --all                        and @dramatis/source and the packages for GPUs
 *   node .ci/pack.mjs --list [--all]                      makes none: prints package.json and paths of each as JSON
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { layOutSource, patchRpc } from '../native/llama-source.mjs';
import {
  gpuModulePackages,
  mainPackage,
  platformPackage,
  sourcePackage,
} from './packages/contents.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    addon: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});
if (positionals.length !== (values.list ? 0 : 1)) {
  console.error(
    'usage: node .ci/pack.mjs FOLDER [--addon PLATFORM=FOLDER]… [--all] | --list [--all]',
  );
  process.exit(2);
}
const here = `${process.platform}-${process.arch}`;
const addons = new Map([[here, path.join(root, 'build', 'Release')]]);
for (const given of values.addon) {
  const [platform, folder] = given.split('=');
  addons.set(platform, path.resolve(folder));
}
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'dramatis-pack-'));
try {
  const source = values.all ? layOut() : undefined;
  const packages = [
    ...[...addons].map(([platform, folder]) => platformPackage(platform, folder, source)),
    ...(source ? [...gpuModulePackages(), sourcePackage(source)] : []),
    mainPackage([...addons.keys()]),
  ];
  if (values.list) list(packages);
  else for (const one of packages) console.log(pack(one, path.resolve(positionals[0])));
} finally {
  fs.rmSync(work, { recursive: true, force: true });
}

function layOut() {
  const source = path.join(work, 'llama.cpp');
  layOutSource(root, source);
  patchRpc(root, source);
  return source;
}

function list(packages) {
  const shown = packages.map(({ manifest, files }) => ({
    manifest,
    files: files.map(({ path }) => path),
  }));
  console.log(JSON.stringify(shown));
}

/** Lays the files of a package out and lets npm make the tarball, so that it is one as npm makes them. */
function pack({ manifest, files }, out) {
  const isCompiled = files.some(({ path }) => path === 'dramatis.node');
  if (isCompiled && !files.some(({ path }) => /ggml-base/.test(path)))
    throw new Error(
      'ggml is compiled into this addon, for this processor alone: build without DRAMATIS_GGML=source',
    );
  const folder = path.join(work, manifest.name.replace('/', '-'));
  for (const file of files) lay(file, path.join(folder, file.path));
  fs.writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  fs.mkdirSync(out, { recursive: true });
  const said = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', out, folder],
    { cwd: work, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const [{ filename, files: packed }] = JSON.parse(said);
  const missing = files.filter((file) => !packed.some((one) => one.path === file.path));
  if (missing.length > 0)
    throw new Error(
      `npm left out of ${manifest.name}: ${missing.map((file) => file.path).join(', ')}`,
    );
  return path.join(out, filename.replace('@', '').replace('/', '-'));
}

function lay({ from, text, isOurs }, to) {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  if (text !== undefined) fs.writeFileSync(to, text);
  // Names that only a debugger reads; the libraries of others stay as they were published.
  else if (isOurs && spawnSync('strip', ['-s', '-o', to, from]).status === 0) return;
  else fs.copyFileSync(from, to);
}
