import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainBatch } from '../engine/trainer.ts';
import { batchOf, type Sequence } from './batches.ts';
import { turnBatchOf } from './turn-batch.ts';

/** Turns of others and learnt ones, each opened by a token, as one sequence. */
const someSequence = fc
  .array(
    fc.record({
      before: fc.array(fc.nat(500), { minLength: 1, maxLength: 6 }),
      opening: fc.nat(500),
      words: fc.array(fc.nat(500), { minLength: 1, maxLength: 6 }),
      weight: fc.constantFrom(1, 2, -0.25),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((turns): Sequence => {
    const tokens: number[] = [];
    const weights: number[] = [];
    const learnt = turns.map(({ before, opening, words, weight }) => {
      tokens.push(...before, opening, ...words);
      weights.push(...before.map(() => 0), 0, ...words.map(() => weight));
      return { begin: tokens.length - words.length - 1, end: tokens.length };
    });
    const id = JSON.stringify(turns);
    return { id, tokens: Int32Array.from(tokens), weights: Float32Array.from(weights), learnt };
  });

/** What the row of a target sees, in order of position, with where it comes from; and what it is to predict. */
function lessons({ tokens, positions, first, context, transcript, ...batch }: TrainBatch) {
  return Array.from(batch.rows, (row, i) => {
    const seen: { token: number; isRead: boolean }[] = [];
    const [begin, end] = context.subarray(2 * row, 2 * row + 2);
    const rows = [...range(begin!, end!), ...range(first[row]!, row + 1)];
    for (const at of rows) {
      expect(positions[at]).toBe(seen.length);
      seen.push({ token: tokens[at]!, isRead: at < transcript });
    }
    return { seen, target: batch.targets[i]!, weight: batch.weights[i]! };
  });
}

const range = (begin: number, end: number): number[] =>
  Array.from({ length: end - begin }, (_, i) => begin + i);

describe('A batch in two streams', () => {
  it('teaches each learnt turn behind all that comes before it, which the model alone has read', () => {
    fc.assert(
      fc.property(fc.array(someSequence, { minLength: 1, maxLength: 4 }), (sequences) => {
        const expected = sequences.flatMap(({ tokens, weights, learnt }) =>
          learnt!.flatMap(({ begin, end }) =>
            range(begin + 1, end).map((at) => ({
              seen: Array.from(tokens.slice(0, at), (token, i) => ({ token, isRead: i < begin })),
              target: tokens[at]!,
              weight: weights[at]!,
            })),
          ),
        );
        const found = lessons(turnBatchOf(sequences, 1));
        expect(found.map(({ seen, target }) => ({ seen, target }))).toEqual(
          expected.map(({ seen, target }) => ({ seen, target })),
        );
        found.forEach(({ weight }, i) => {
          expect(weight * found.length).toBeCloseTo(expected[i]!.weight, 5);
        });
        // The same lessons as where the adapter acts on all.
        const whole = batchOf(sequences, 1);
        expect(found.map(({ target }) => target)).toEqual([...whole.targets]);
      }),
    );
  });

  it('is not made of a sequence that does not say what it teaches', () => {
    const bare = { id: 'bare', tokens: Int32Array.of(1, 2), weights: Float32Array.of(0, 1) };
    expect(() => turnBatchOf([bare])).toThrow(/bare has no turn/);
    expect(() => turnBatchOf([{ ...bare, learnt: [{ begin: 0, end: 2 }] }])).toThrow(RangeError);
  });
});
