import { describe, expect, it } from 'vitest';
import { prng, seedOf, shuffled } from './prng.ts';

const draw = (n: number, random: () => number) => Array.from({ length: n }, random);

describe('prng', () => {
  it('gives the same numbers for the same seed, on any machine', () => {
    expect(draw(4, prng(7))).toEqual(draw(4, prng(7)));
    expect(draw(3, prng(1)).map((x) => x * 2 ** 32)).toMatchInlineSnapshot(`
      [
        1047107358,
        1857996408,
        3863704218,
      ]
    `);
  });

  it('falls evenly into a hundred bins', () => {
    const bins = new Float64Array(100);
    for (const x of draw(100_000, prng(3))) bins[Math.floor(x * 100)]! += 1;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeGreaterThan(99 - 3 * Math.sqrt(198));
    expect(chiSquare).toBeLessThan(99 + 3 * Math.sqrt(198));
  });

  it('gives neighbouring seeds streams that do not resemble each other', () => {
    const firsts = Array.from({ length: 10_000 }, (_, seed) => prng(seed)() - 0.5);
    const product = firsts.slice(1).reduce((sum, x, i) => sum + x * firsts[i]!, 0);
    const correlation = product / firsts.reduce((sum, x) => sum + x * x, 0);
    expect(Math.abs(correlation)).toBeLessThan(0.03);
  });
});

describe('seedOf', () => {
  it('tells apart parts that read alike when joined', () => {
    expect(seedOf('ab', 'c')).not.toBe(seedOf('a', 'bc'));
    expect(seedOf('ab')).toBe(seedOf('ab'));
  });

  it('is a whole number of 32 bits', () => {
    const seed = seedOf('lantern');
    expect(seed).toBe(seed >>> 0);
  });
});

describe('shuffled', () => {
  it('gives all orders alike often', () => {
    const random = prng(11);
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = shuffled(['a', 'b', 'c'], random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(100);
  });

  it('leaves what it was given as it was', () => {
    const given = [1, 2, 3, 4];
    shuffled(given, prng(1));
    expect(given).toEqual([1, 2, 3, 4]);
  });
});
