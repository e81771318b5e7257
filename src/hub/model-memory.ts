import { totalmem } from 'node:os';
import type { ModelEntry } from './catalogue.ts';

/** Bits a weight of the Q4_K_M files that the catalogue does not pin: 4.83 (Mistral 7B) to 5.13 (Gemma 3 4B). */
const bitsPerWeight = 5;
/** Beside the weights: the addon, a window of some thousand tokens, and what computing needs, in bytes. */
const roomBytes = 300e6;

/** Size of a model's file in bytes: as the catalogue pins it, else estimated from the number of its weights. */
export function fileSizeOf({ bytes, parameters }: Pick<ModelEntry, 'bytes' | 'parameters'>): {
  readonly bytes: number;
  readonly isEstimate: boolean;
} {
  if (bytes !== undefined) return { bytes, isEstimate: false };
  return { bytes: (parameters * 1e6 * bitsPerWeight) / 8, isEstimate: true };
}

/** Memory a conversation with a model takes, about, in bytes: its file is mapped whole, and has room beside it. */
export function memoryNeededBy(entry: Pick<ModelEntry, 'bytes' | 'parameters'>): number {
  return fileSizeOf(entry).bytes + roomBytes;
}

/** Memory this process may have, in bytes: the machine's, or less if a container or a batch job is held to less. */
export function usableMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
