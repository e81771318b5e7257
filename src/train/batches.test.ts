import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, epochOrder, meanWeight, packed, type Sequence } from './batches.ts';

const someSequence = fc
  .array(fc.tuple(fc.nat(500), fc.constantFrom(0, 0, 1, 2, -0.25)), { minLength: 2, maxLength: 30 })
  .map(
    (pairs, i = 0): Sequence => ({
      id: `${JSON.stringify(pairs)} ${i}`,
      tokens: Int32Array.from(pairs, ([token]) => token),
      weights: Float32Array.from(pairs, ([, weight]) => weight),
    }),
  );
const someSequences = fc.uniqueArray(someSequence, {
  minLength: 1,
  maxLength: 20,
  selector: ({ id }) => id,
});

describe('Batches', () => {
  it('hold every sequence once, and no more tokens than they may unless one alone has more', () => {
    fc.assert(
      fc.property(someSequences, fc.integer({ min: 8, max: 64 }), (sequences, most) => {
        const batches = packed(sequences, most);
        expect(
          batches
            .flat()
            .map(({ id }) => id)
            .sort(),
        ).toEqual(sequences.map(({ id }) => id).sort());
        for (const batch of batches) {
          const tokens = batch.reduce((sum, one) => sum + one.tokens.length, 0);
          if (batch.length > 1) expect(tokens).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('learn each weighted token from the one before it in its own text, and weigh 1 in all', () => {
    fc.assert(
      fc.property(someSequences, (sequences) => {
        const batch = batchOf(sequences);
        const expected = sequences.flatMap(({ tokens, weights }) =>
          [...weights].flatMap((weight, i) =>
            weight === 0 || i === 0 ? [] : [{ tokens, i, weight }],
          ),
        );
        expect(batch.rows).toHaveLength(expected.length);
        const sum = expected.reduce((total, { weight }) => total + Math.abs(weight), 0);
        expected.forEach(({ tokens, i, weight }, at) => {
          const row = batch.rows[at]!;
          expect(batch.tokens[row]).toBe(tokens[i - 1]);
          expect(batch.targets[at]).toBe(tokens[i]);
          expect(batch.positions[row]).toBe(i - 1);
          expect(row - batch.first[row]!).toBe(i - 1);
          expect(batch.weights[at]).toBeCloseTo(weight / sum, 5);
        });
      }),
    );
  });

  it('weigh as much less as their rows do among all', () => {
    const row = (id: string, weight: number) => ({
      id,
      tokens: Int32Array.of(1, 2, 3),
      weights: Float32Array.of(0, weight, weight),
    });
    const [own, contrast] = [row('own', 1), row('contrast', -0.25)];
    const mean = meanWeight([own, contrast]);
    expect(mean).toBeCloseTo(0.625);
    const sum = (of: typeof own) =>
      batchOf([of], mean).weights.reduce((total, weight) => total + weight, 0);
    expect(sum(contrast) / sum(own)).toBeCloseTo(-0.25);
    expect(meanWeight([])).toBe(1);
  });

  it('come in another order each epoch, the same for a seed', () => {
    const sequences = Array.from({ length: 12 }, (_, i) => ({
      id: String(i),
      tokens: Int32Array.of(i, i),
      weights: Float32Array.of(0, 1),
    }));
    const order = (seed: number, epoch: number): string =>
      epochOrder(sequences, seed, epoch)
        .map(({ id }) => id)
        .join();
    expect(order(1, 0)).toBe(order(1, 0));
    expect(new Set([order(1, 0), order(1, 1), order(2, 0)]).size).toBe(3);
  });
});
