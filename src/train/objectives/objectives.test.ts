import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, type Sequence } from '../batches.ts';
import { isPair, pairOf } from '../pair.ts';
import { likelihood } from './likelihood.ts';
import { Preference } from './preference.ts';

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

/** A preference that has measured sequences so, before training. */
async function referred(beta: number, sequences: readonly Sequence[], nll: Float32Array) {
  const preference = new Preference(beta);
  for await (const { of } of preference.refer([sequences], async () => nll)) expect(of).toBe(1);
  return preference;
}

describe('A preference', () => {
  it('weighs tokens by the slope of its loss', async () => {
    await fc.assert(
      fc.asyncProperty(
        someBatch,
        fc.constantFrom(0.05, 0.5),
        fc.infiniteStream(fc.double({ min: 0, max: 12, noNaN: true })),
        async (sequences, beta, stream) => {
          const batch = batchOf(sequences);
          const some = (): Float32Array =>
            Float32Array.from(batch.rows, () => stream.next().value as number);
          const preference = await referred(beta, sequences, some());
          const nll = some();
          const learned = batch.weights.filter((weight) => weight > 0).length;
          const loss = (at: Float32Array): number =>
            learned * preference.loss([{ sequences, batch, nll: at }]);
          const weighed = await preference.weigh(sequences, batch, async () => nll);
          expect(weighed.lossWeights).toBe(batch.weights);
          const { weights, plain } = weighed.batch;
          expect(plain?.length ?? 0).toBe(sequences.some(isPair) ? weights.length : 0);
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

  it('begins with what the rejected weighs, and asks for less the further the two are apart', async () => {
    const pair = pairOf(text('a', [1], [2, 3], 1), text('a', [1], [4], -0.5))!;
    const before = Float32Array.of(2, 2, 3);
    const preference = await referred(0.1, [pair], before);
    const batch = batchOf([pair]);
    const weight = async (nll: Float32Array): Promise<number> => {
      const { batch: weighed } = await preference.weigh([pair], batch, async () => nll);
      return weighed.weights[2]! / batch.weights[0]!;
    };
    expect(await weight(before)).toBeCloseTo(-0.5);
    expect(await weight(Float32Array.of(1, 1, 13))).toBeCloseTo((-0.5 * 2) / (1 + Math.exp(1.2)));
    expect(await weight(Float32Array.of(0, 0, 100))).toBeGreaterThan(-0.001);
  });

  it('leaves other texts as they are, unmeasured, and refuses a pair it has not measured before', async () => {
    const plain = text('b', [1], [2, 3], 1);
    const pair = pairOf(text('a', [1], [2], 1), text('a', [1], [4], -0.5))!;
    expect([plain, pair].map(isPair)).toEqual([false, true]);
    const preference = new Preference(0.1);
    const [batch, paired] = [batchOf([plain]), batchOf([pair])];
    const unmeasured = async (): Promise<never> => expect.unreachable('a pass over no pair');
    expect((await preference.weigh([plain], batch, unmeasured)).batch).toBe(batch);
    const nll = Float32Array.of(1, 1);
    expect(() => preference.loss([{ sequences: [pair], batch: paired, nll }])).toThrow(RangeError);
    await expect(preference.weigh([pair], paired, async () => nll)).rejects.toThrow('a was not');
  });
});

describe('The likelihood', () => {
  it('is the mean of what is to become likelier, with the weights of the rows', async () => {
    const sequences = [text('a', [1], [2, 3], 1), text('b', [1], [4], -0.25)];
    const batch = batchOf(sequences);
    const nll = Float32Array.of(1, 2, 9);
    expect(likelihood.loss([{ sequences, batch, nll }])).toBe(1.5);
    const { batch: weighed, lossWeights } = await likelihood.weigh(
      sequences,
      batch,
      async () => nll,
    );
    expect([weighed, lossWeights]).toEqual([batch, batch.weights]);
  });
});
