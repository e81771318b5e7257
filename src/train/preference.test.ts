import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, type Sequence } from './batches.ts';
import { isPair, Preference, pairOf } from './preference.ts';

/** A text: what is shown, then what is said there, each token of which weighs so much. */
function text(id: string, shown: readonly number[], said: readonly number[], weight: number) {
  return {
    id,
    tokens: Int32Array.of(...shown, ...said),
    weights: Float32Array.of(...shown.map(() => 0), ...said.map(() => weight)),
  } satisfies Sequence;
}

const words = fc.array(fc.nat(5), { minLength: 1, maxLength: 8 });
const somePair = fc
  .tuple(fc.uuid(), words, words, words, fc.constantFrom(0.25, 0.5, 2))
  .map(([id, shown, own, other, size]) =>
    pairOf(text(id, shown, own, 1), text(id, shown, other, -size)),
  )
  .filter((pair) => pair !== undefined);
const someBatch = fc.array(
  fc.oneof(
    somePair,
    fc
      .tuple(fc.uuid(), words, words)
      .map(([id, shown, said]): Sequence => text(id, shown, said, 1)),
  ),
  { minLength: 1, maxLength: 6 },
);

/** What each target of a batch sees, from the first token on, and the target. */
function read(sequences: readonly Sequence[]): number[][] {
  const { tokens, first, context, positions, rows, targets } = batchOf(sequences);
  return [...rows].map((row, i) => {
    const [begin = 0, end = 0] = context.slice(2 * row);
    const seen = [...tokens.slice(begin, end), ...tokens.slice(first[row], row + 1)];
    expect(positions[row]).toBe(seen.length - 1);
    return [...seen, targets[i]!];
  });
}

describe('A pair', () => {
  it('is read just as its two texts are one by one', () => {
    fc.assert(
      fc.property(words, words, words, (shown, own, other) => {
        const wanted = text('a', shown, own, 1);
        const unwanted = text('a', shown, other, -0.5);
        const pair = pairOf(wanted, unwanted);
        if (!pair) {
          expect(other.slice(0, own.length)).toEqual(own);
          return;
        }
        expect(read([pair])).toEqual([...read([wanted]), ...read([unwanted])]);
        const shared = shown.length - 1;
        expect(pair.tokens).toHaveLength(wanted.tokens.length + unwanted.tokens.length - shared);
      }),
    );
  });

  it('is none where the two begin with another token, or nothing is unwanted', () => {
    const wanted = text('a', [1, 2], [3], 1);
    expect(pairOf(wanted, text('a', [2, 2], [4], -1))).toBeUndefined();
    expect(pairOf(wanted, text('a', [1, 2], [4], 0))).toBeUndefined();
  });
});

describe('A preference', () => {
  it('weighs tokens by the slope of its loss', () => {
    fc.assert(
      fc.property(
        someBatch,
        fc.constantFrom(0.05, 0.5),
        fc.infiniteStream(fc.double({ min: 0, max: 12, noNaN: true })),
        (sequences, beta, stream) => {
          const batch = batchOf(sequences);
          const draw = (): Float32Array =>
            Float32Array.from(batch.rows, () => stream.next().value as number);
          const preference = new Preference(beta);
          preference.refer(sequences, draw());
          const nll = draw();
          const loss = (at: Float32Array): number =>
            preference.extra(sequences, at) +
            at.reduce((sum, value, i) => sum + (batch.weights[i]! > 0 ? value : 0), 0);
          const { weights, plain } = preference.weigh(batch, sequences, nll);
          expect(plain).toHaveLength(weights.length);
          const unit = Math.max(...batch.weights);
          weights.forEach((weight, i) => {
            const shifted = (by: number): Float32Array =>
              nll.map((value, at) => (at === i ? value + by : value));
            const slope = (loss(shifted(0.01)) - loss(shifted(-0.01))) / 0.02;
            if (unit > 0) expect(weight / unit).toBeCloseTo(slope, 2);
          });
        },
      ),
    );
  });

  it('begins with what the unwanted weighs, and asks for less the better the two are told apart', () => {
    const pair = pairOf(text('a', [1], [2, 3], 1), text('a', [1], [4], -0.5))!;
    const preference = new Preference(0.1);
    const before = Float32Array.of(2, 2, 3);
    preference.refer([pair], before);
    const batch = batchOf([pair]);
    const weight = (nll: Float32Array): number =>
      preference.weigh(batch, [pair], nll).weights[2]! / batch.weights[0]!;
    expect(weight(before)).toBeCloseTo(-0.5);
    expect(weight(Float32Array.of(1, 1, 13))).toBeCloseTo((-0.5 * 2) / (1 + Math.exp(1.2)));
    expect(weight(Float32Array.of(0, 0, 100))).toBeGreaterThan(-0.001);
  });

  it('leaves other texts as they are, and refuses a pair it has not seen before', () => {
    const plain = text('b', [1], [2, 3], 1);
    const pair = pairOf(text('a', [1], [2], 1), text('a', [1], [4], -0.5))!;
    expect([plain, pair].map(isPair)).toEqual([false, true]);
    const preference = new Preference(0.1);
    const { weights } = batchOf([plain]);
    expect(preference.weigh(batchOf([plain]), [plain], weights).weights).toEqual(weights);
    expect(() => preference.extra([pair], Float32Array.of(1, 1))).toThrow(RangeError);
  });
});
