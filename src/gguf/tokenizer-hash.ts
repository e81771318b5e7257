import { createHash } from 'node:crypto';
import type { GgufHeader } from './header.ts';

/**
 * Hash of everything in a model file that turns text into tokens: sha256 in hex. Two files with the same hash cut any text
 * alike, whatever else they differ in. The chat template is not in it: it is data of ours.
 */
export function tokenizerHash(header: GgufHeader): string {
  const hash = createHash('sha256');
  const keys = [...header.metadata.keys()].filter((key) => key.startsWith('tokenizer.ggml.'));
  for (const key of keys.sort()) {
    const entry = header.metadata.get(key)!;
    if (entry.type === 'array') {
      hash.update(JSON.stringify([key, entry.elementType, entry.length])).update(entry.bytes);
    } else hash.update(JSON.stringify([key, entry.type, String(entry.value)]));
  }
  return hash.digest('hex');
}
