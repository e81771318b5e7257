import { describe, expect, it } from 'vitest';
import { inputLines } from './input-lines.ts';

async function linesOf(...chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  async function* stream() {
    yield* chunks;
  }
  const lines: unknown[] = [];
  for await (const { text, isCut } of inputLines(stream())) lines.push(isCut ? text.length : text);
  return lines;
}

describe('inputLines', () => {
  it('gives lines however they come, the last one with an end or without', async () => {
    expect(await linesOf('a\r\nb', 'c\n\nd')).toEqual(['a', 'bc', '', 'd']);
    expect(await linesOf('a\n')).toEqual(['a']);
    expect(await linesOf('')).toEqual([]);
    const bytes = Buffer.from('café\n');
    expect(await linesOf(bytes.subarray(0, 4), bytes.subarray(4))).toEqual(['café']);
  });

  it('drops what is beyond a million characters, and goes on after its end', async () => {
    const long = 'x'.repeat(400_000);
    expect(await linesOf(long, long, long, '\nnext\n')).toEqual([1 << 20, 'next']);
  });

  it('gives a line up that has no end', async () => {
    const million = Buffer.alloc(1e6);
    let chunks = 0;
    async function* zeros() {
      for (; chunks < 200; chunks++) yield million;
    }
    const next = inputLines(zeros()).next();
    await expect(next).rejects.toThrow('a line has more than 100 MB');
    expect(chunks).toBe(100);
  });
});
