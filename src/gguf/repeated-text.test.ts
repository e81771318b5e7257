import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedText } from './repeated-text.ts';

function encode(texts: readonly string[]): Buffer {
  return Buffer.concat(
    texts.flatMap((text) => {
      const length = Buffer.alloc(8);
      length.writeUInt32LE(Buffer.byteLength(text));
      return [length, Buffer.from(text)];
    }),
  );
}

describe('repeatedText', () => {
  it('finds what a Set finds', () => {
    const few = fc.array(fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', 'é') }));
    fc.assert(
      fc.property(few, (texts) => {
        const seen = new Set<string>();
        const first = texts.find((text) => seen.has(text) || !seen.add(text));
        expect(repeatedText(encode(texts), texts.length)).toBe(first);
      }),
    );
  });

  it('takes a text for the one that it is up to a zero byte, as llama.cpp does', () => {
    expect(repeatedText(encode(['the', 'th\0x', 'th']), 3)).toBe('th');
    expect(repeatedText(encode(['', '\0', 'a']), 3)).toBe('');
    expect(repeatedText(encode(['a\0', 'b\0']), 2)).toBeUndefined();
  });

  it('finds one among many', () => {
    const texts = Array.from({ length: 20_000 }, (_, i) => `token ${i}`);
    expect(repeatedText(encode(texts), texts.length)).toBeUndefined();
    expect(repeatedText(encode([...texts, 'token 777']), texts.length + 1)).toBe('token 777');
  });
});
