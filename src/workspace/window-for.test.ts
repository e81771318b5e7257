import { describe, expect, it } from 'vitest';
import { windowFor } from './window-for.ts';

/** The sizes of SmolLM2 135M, whose cache takes 23,040 bytes a token. */
const small = { head_count: 9, head_count_kv: 3 };
const window = (memoryBytes: number, trainedWindow = 8192, attention: object = small) => {
  const numbers = new Map(
    Object.entries(attention).map(([key, value]) => [`llama.attention.${key}`, value as number]),
  );
  const header = { text: () => 'llama', number: (key: string) => numbers.get(key) };
  return windowFor({ header, info: { trainedWindow, width: 576, layers: 30 } }, memoryBytes);
};

describe('The window of a conversation', () => {
  it('is as large as a small share of the memory has room for', () => {
    expect(window(8192 * 23_040 * 32)).toBe(8192);
    expect(window(8192 * 23_040 * 32 - 1)).toBe(4096);
    expect(window(4096 * 23_040 * 32 - 1)).toBeUndefined();
  });

  it('is no larger than the model was trained for', () => {
    expect(window(64e9, 4096)).toBe(4096);
    expect(window(64e9, 2048)).toBeUndefined();
  });

  it('is smaller for a model whose heads share no keys, or have long ones', () => {
    expect(window(8192 * 23_040 * 32, 8192, { head_count: 9 })).toBeUndefined();
    expect(window(8192 * 23_040 * 32, 8192, { ...small, key_length: 128 })).toBe(4096);
  });
});
