/** Where the patched source of llama.cpp comes from, for what compiles it and for what packs it. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Patches of this folder on the pinned llama.cpp, in the order in which they are applied. */
export function patches(root) {
  const folder = path.join(root, 'native/patches');
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Where npm put a package: in `from` or above it, where Dramatis is itself a dependency; undefined if it is nowhere. */
export function packageFolder(from, name) {
  for (let at = from; ; at = path.dirname(at)) {
    const folder = path.join(at, 'node_modules', name);
    if (fs.existsSync(path.join(folder, 'package.json'))) return folder;
    if (at === path.dirname(at)) return undefined;
  }
}

/** The git bundle with the source that node-llama-cpp was made from; undefined if that is not installed. */
export function bundle(root) {
  const folder = packageFolder(root, 'node-llama-cpp');
  return folder && path.join(folder, 'llama', 'gitRelease.bundle');
}

/** The patched source as the package @dramatis/source has it; undefined in a checkout. */
export function packedSource(root) {
  const folder = path.join(root, 'llama.cpp');
  return fs.existsSync(folder) ? folder : undefined;
}

/** Lays the patched source in the folder `to`, which is made: from the bundle, or from what came with the package. */
export function layOutSource(root, to) {
  const packed = packedSource(root);
  if (packed) {
    fs.cpSync(packed, to, { recursive: true });
    return;
  }
  const git = (...args) => execFileSync('git', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  git('clone', '--quiet', '-c', 'advice.detachedHead=false', bundle(root), to);
  for (const patch of patches(root)) git('-C', to, 'apply', '--whitespace=nowarn', patch);
  fs.rmSync(path.join(to, '.git'), { recursive: true, force: true });
}
