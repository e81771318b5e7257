import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../store/sha256.ts';
import { textHash } from './text-hash.ts';

/** The sidecar of an index as it was kept before vectors were kept by their texts: one file of the speeches' rows, in order. */
interface OldSidecar {
  readonly format: 'dramatis-memory-index';
  readonly version: 1;
  readonly source: { readonly passages: string; readonly count: number };
  readonly dim: number;
  readonly vectors: { readonly sha256: string };
}

/**
 * The vectors of an index of version 1, so that a play is not read into memory anew; none unless it is whole and of these
 * very texts.
 *
 * @param name The name of its files, which hold the play and the embedding model.
 */
export async function readOldIndex(
  folder: string,
  name: string,
  texts: readonly string[],
): Promise<Map<string, Float32Array>> {
  const rows = new Map<string, Float32Array>();
  const sidecar = parse(await readFile(join(folder, `${name}.json`), 'utf8').catch(() => ''));
  const bytes = sidecar && (await readFile(join(folder, `${name}.f32`)).catch(() => undefined));
  if (!bytes || sidecar.source.passages !== sha256(JSON.stringify(texts))) return rows;
  const { dim, vectors } = sidecar;
  const isWhole = bytes.length === texts.length * dim * Float32Array.BYTES_PER_ELEMENT;
  if (!isWhole || sha256(bytes) !== vectors.sha256) return rows;
  // A copy, since a Buffer may lie unaligned.
  const numbers = new Float32Array(new Uint8Array(bytes).buffer);
  texts.forEach((text, i) => {
    rows.set(textHash(text), numbers.subarray(i * dim, (i + 1) * dim));
  });
  return rows;
}

function parse(text: string): OldSidecar | undefined {
  try {
    const found = JSON.parse(text) as OldSidecar;
    return found.format === 'dramatis-memory-index' && found.version === 1 ? found : undefined;
  } catch {
    return undefined;
  }
}
