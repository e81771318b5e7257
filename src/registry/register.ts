import { readFile } from 'node:fs/promises';
import { DramatisError } from '../errors.ts';
import { decodeLora } from '../gguf/lora-gguf.ts';
import { tokenizerHash } from '../gguf/tokenizer-hash.ts';
import { refuseDevice } from '../store/read-file-bytes.ts';
import { sha256 as hash } from '../store/sha256.ts';
import { sweep } from '../store/sweep.ts';
import { matrixNorms } from './matrix-norms.ts';
import { type Base, screen } from './screen.ts';
import type { Stores } from './stores.ts';
import { type AdapterVersion, idDigits, type VersionDetails } from './version.ts';

/** Registers an adapter: see `Registry.add`. */
export async function register(
  stores: Stores,
  gguf: Uint8Array | string,
  details: VersionDetails,
  base: Base,
): Promise<AdapterVersion> {
  const { version, bytes } = await newVersion(gguf, details, base);
  await sweep(stores.folder);
  return stores.locked(async () => {
    if (version.on !== undefined) checkUnder(version, await stores.versions.get(version.on));
    return stores.versions.put(version, bytes);
  });
}

/**
 * Looks an adapter file over and makes the record of the version that it becomes.
 *
 * @param gguf The file's bytes, or its path.
 * @param base The model it was trained on, which it must fit.
 * @throws {DramatisError} FILE_MISSING, GGUF_INVALID, ADAPTER_MISMATCH with all that is wrong.
 */
async function newVersion(
  gguf: Uint8Array | string,
  details: VersionDetails,
  base: Base,
): Promise<{ readonly version: AdapterVersion; readonly bytes: Uint8Array }> {
  const bytes = typeof gguf === 'string' ? await bytesOf(gguf) : gguf;
  const from = typeof gguf === 'string' ? gguf : 'the adapter';
  const lora = decodeLora(bytes, from);
  const faults = screen(lora, base, details, tokenizerHash(base.header));
  if (faults.length > 0) {
    throw new DramatisError('ADAPTER_MISMATCH', `${from}: ${faults.join('; ')}`);
  }
  const sha256 = hash(bytes);
  const version: AdapterVersion = {
    id: sha256.slice(0, idDigits),
    sha256,
    ...details,
    norms: matrixNorms(lora),
    date: new Date().toISOString(),
    bytes: bytes.length,
    rank: lora.rank,
    alpha: lora.alpha,
  };
  return { version, bytes };
}

/**
 * @throws {DramatisError} ADAPTER_MISMATCH unless `under` is what the version can be summed with: an adapter of its play
 *   or of several, or for a reinforced version any.
 */
function checkUnder({ layer, base, play, kind }: AdapterVersion, under: AdapterVersion): void {
  const isFit = kind === 'reinforced' || (under.layer === 'play' && layer === 'character');
  const isOfPlay = under.play === play || under.plays !== undefined;
  if (isFit && under.base.sha256 === base.sha256 && isOfPlay) return;
  const what = `${under.id} is a ${under.layer} adapter of ${under.play} on ${under.base.name}`;
  throw new DramatisError('ADAPTER_MISMATCH', `it cannot be put on another: ${what}`);
}

async function bytesOf(path: string): Promise<Buffer> {
  await refuseDevice(path);
  try {
    return await readFile(path);
  } catch (cause) {
    throw new DramatisError('FILE_MISSING', `cannot read ${path}`, { cause });
  }
}
