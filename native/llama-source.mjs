/** Where the patched source of llama.cpp comes from, for what compiles it and for what packs it. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const stdio = ['ignore', 'inherit', 'inherit'];

/**
 * Patches on the pinned llama.cpp, in the order in which they are applied.
 *
 * @param part Those of `native/patches/PART`, on what is compiled apart from libllama; libllama's own unless given.
 */
export function patches(root, part = '') {
  const folder = path.join(root, 'native/patches', part);
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
  const from = ['-c', 'advice.detachedHead=false', bundle(root)];
  execFileSync('git', ['clone', '--quiet', ...from, to], { stdio });
  for (const patch of patches(root)) apply(patch, to);
  fs.rmSync(path.join(to, '.git'), { recursive: true, force: true });
}

/** Where the RPC back-end lies in a source of llama.cpp. */
export const rpcSource = 'ggml/src/ggml-rpc';

/** Patches the RPC back-end in a source that `layOutSource` has laid out; one that came with its package is patched. */
export function patchRpc(root, source) {
  if (packedSource(root)) return;
  for (const patch of patches(root, 'rpc')) apply(patch, source);
}

/** Applies a patch to a folder, also inside a repository, whose paths git would otherwise take those of the patch for. */
function apply(patch, folder) {
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(path.resolve(folder)) };
  execFileSync('git', ['-C', folder, 'apply', '--whitespace=nowarn', patch], { env, stdio });
}
