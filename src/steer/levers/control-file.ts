import { DramatisError } from '../../errors.ts';
import { readChecked, writeChecked } from '../../store/checked-file.ts';
import type { Directions } from './control-vector.ts';

/** A control vector on disk: a row of little-endian 32-bit floats for each layer that the head names. */
const kind = { format: 'dramatis-control', version: 1 };

interface Head {
  /** Model, lines and layers that the directions follow from. */
  readonly key: string;
  readonly layers: readonly number[];
  /** Floats in a row. */
  readonly width: number;
}

/** Keeps directions for the next process, if the disk takes them: they can be computed again. */
export async function keepDirections(
  path: string,
  key: string,
  directions: Directions,
): Promise<void> {
  const rows = [...directions.values()];
  const head: Head = { key, layers: [...directions.keys()], width: rows[0]?.length ?? 0 };
  const parts = rows.map((row) => new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
  try {
    await writeChecked(path, kind, head, parts);
  } catch (error) {
    if (!(error instanceof DramatisError && error.code === 'STORE_UNWRITABLE')) throw error;
  }
}

/** @returns undefined if none are kept under this key, or the file is damaged. */
export async function keptDirections(path: string, key: string): Promise<Directions | undefined> {
  const found = await readChecked<Head>(path, kind, (head) => head.key === key);
  if (!found) return undefined;
  const { layers, width } = found.head;
  const values = new Float32Array(new Uint8Array(found.data).buffer); // a copy, which lies aligned
  return new Map(
    layers.map((layer, i) => [layer, values.slice(i * width, (i + 1) * width)] as const),
  );
}
