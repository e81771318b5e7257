import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeGguf, gguf } from './encode-gguf.ts';
import { parseHeader } from './parse-header.ts';
import { headsOf, moveRows } from './rotary-rows.ts';

/** Turns the pairs of one head by the angles that rotary embedding has for a position. */
function turned(head: readonly number[], position: number, pairs: [number, number][]): number[] {
  const result = [...head];
  pairs.forEach(([x, y], i) => {
    const angle = position * 10_000 ** (-i / pairs.length);
    result[x] = head[x]! * Math.cos(angle) - head[y]! * Math.sin(angle);
    result[y] = head[x]! * Math.sin(angle) + head[y]! * Math.cos(angle);
  });
  return result;
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);

const headWidth = 8;
const half = headWidth / 2;
/** Hugging Face pairs the halves of a head, GGUF's "llama" neighbours. */
const halves = Array.from({ length: half }, (_, i): [number, number] => [i, i + half]);
const neighbours = Array.from({ length: half }, (_, i): [number, number] => [2 * i, 2 * i + 1]);

describe('moveRows', () => {
  it('keeps what attention sees: products of turned queries and keys', () => {
    const values = fc.array(fc.integer({ min: -9, max: 9 }), {
      minLength: 2 * headWidth,
      maxLength: 2 * headWidth,
    });
    fc.assert(
      fc.property(values, values, fc.nat(99), fc.nat(99), (q, k, at, before) => {
        const moved = (rows: number[]) => [
          ...moveRows(Float32Array.from(rows), { heads: 2, rank: 1, to: 'gguf' }),
        ];
        const seen = (a: number[], b: number[], pairs: [number, number][]) =>
          [0, headWidth].map((start) =>
            dot(
              turned(a.slice(start, start + headWidth), at, pairs),
              turned(b.slice(start, start + headWidth), before, pairs),
            ),
          );
        const there = seen(q, k, halves);
        const here = seen(moved(q), moved(k), neighbours);
        here.forEach((product, head) => {
          expect(product).toBeCloseTo(there[head]!, 6);
        });
      }),
    );
  });

  it('and back is nothing, row by row', () => {
    const b = Float32Array.from({ length: 3 * 6 * 2 }, (_, i) => i);
    const there = moveRows(b, { heads: 3, rank: 2, to: 'gguf' });
    expect([...there]).not.toEqual([...b]);
    expect([...there.subarray(2, 4)]).toEqual([6, 7]); // row 1 is row 3 there: the second half's first
    expect([...moveRows(there, { heads: 3, rank: 2, to: 'peft' })]).toEqual([...b]);
  });

  it('refuses rows that are not heads of two halves', () => {
    expect(() => moveRows(new Float32Array(9), { heads: 3, rank: 1, to: 'gguf' })).toThrow(
      RangeError,
    );
  });
});

describe('headsOf', () => {
  const refuse = (reason: string): never => {
    throw new Error(reason);
  };
  async function base(architecture: string, heads: Record<string, number>) {
    const parts: Uint8Array[] = [];
    const metadata = {
      'general.architecture': gguf.text(architecture),
      ...Object.fromEntries(
        Object.entries(heads).map(([key, n]) => [
          `${architecture}.attention.${key}`,
          gguf.uint32(n),
        ]),
      ),
    };
    for await (const part of encodeGguf({ metadata, tensors: [] })) parts.push(part);
    const bytes = Buffer.concat(parts);
    return parseHeader(bytes, bytes.length);
  }

  it('is of queries and keys of the llama family alone', async () => {
    const llama = await base('llama', { head_count: 9, head_count_kv: 3 });
    const of = (part: string) => headsOf(`blk.4.${part}.weight`, llama, refuse);
    expect(['attn_q', 'attn_k', 'attn_v', 'ffn_down'].map(of)).toEqual([9, 3, 0, 0]);
    const qwen = await base('qwen3', { head_count: 9 });
    expect(headsOf('blk.4.attn_q.weight', qwen, refuse)).toBe(0);
  });

  it('refuses a family whose rows it does not know, and a llama without heads', async () => {
    const other = await base('baichuan', { head_count: 4 });
    expect(() => headsOf('blk.0.attn_q.weight', other, refuse)).toThrow(/base is baichuan; how/);
    const bare = await base('llama', {});
    expect(() => headsOf('blk.0.attn_k.weight', bare, refuse)).toThrow(/no number of heads/);
  });
});
