import type { Model } from '../engine/model.ts';
import type { GgufHeader } from '../gguf/header.ts';
import { usableMemory } from '../hub/model-memory.ts';

/** Windows that a conversation gets where none is asked for, in tokens, if the engine's own is not all there is room for. */
const windows = [8192, 4096] as const;
/** Share of the memory that the keys and values of a window may take. */
const share = 1 / 32;
/** Bytes of one number of the cache. */
const halfFloat = 2;

interface Measured {
  readonly header: Pick<GgufHeader, 'text' | 'number'>;
  readonly info: Pick<Model['info'], 'trainedWindow' | 'width' | 'layers'>;
}

/**
 * Chooses the window of a conversation by the memory there is: with 2048 tokens a chat forgets its first turns after about
 * nine answers.
 *
 * @param memoryBytes Memory that this process may have.
 * @returns           Tokens; undefined for the engine's own window.
 */
export function windowFor(model: Measured, memoryBytes = usableMemory()): number | undefined {
  const most = Math.min(model.info.trainedWindow, (memoryBytes * share) / bytesPerToken(model));
  return windows.find((window) => window <= most);
}

/** Keys and values of one token in all layers, in bytes; at most, for a model that shares them in a way not known here. */
function bytesPerToken({ header, info: { width, layers } }: Measured): number {
  const architecture = header.text('general.architecture') ?? '';
  const number = (key: string) => header.number(`${architecture}.attention.${key}`);
  const heads = number('head_count') ?? 1;
  const keys = number('key_length') ?? width / heads;
  return 2 * halfFloat * layers * (number('head_count_kv') ?? heads) * keys;
}
