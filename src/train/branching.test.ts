import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, type Sequence } from './batches.ts';
import { branching } from './branching.ts';

/** A text: what is shown, then what is said there, each token of which weighs so much. */
function text(shown: readonly number[], said: readonly number[], weight: number): Sequence {
  return {
    id: 'text',
    tokens: Int32Array.of(...shown, ...said),
    weights: Float32Array.of(...shown.map(() => 0), ...said.map(() => weight)),
  };
}

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

const page = fc.array(fc.nat(3), { minLength: 2, maxLength: 12 });
const words = fc.array(fc.nat(3), { minLength: 1, maxLength: 5 });
/** Questions at several lengths of one page, and some of another page. */
const someTexts = fc
  .tuple(page, page, fc.array(fc.tuple(fc.nat(12), fc.boolean(), words, words), { minLength: 1 }))
  .map(([one, other, asked]) =>
    asked.map(([length, isOther, question, answer]) =>
      text([...(isOther ? other : one).slice(0, 1 + length), ...question], answer, 1),
    ),
  );

describe('branching', () => {
  it('is read just as its texts are one by one, whatever they have in common', () => {
    fc.assert(
      fc.property(someTexts, (texts) => {
        expect(read([branching('all', texts)])).toEqual(texts.flatMap((one) => read([one])));
      }),
    );
  });

  it('reads what its texts have in common once', () => {
    const shown = [5, 6, 7, 8, 9];
    const texts = [text(shown, [1, 2], 1), text(shown, [3], 1), text([5, 6, 4], [1], 1)];
    const { tokens, branches } = branching('all', texts);
    expect([...tokens]).toEqual([5, 6, 7, 8, 9, 1, 2, 9, 3, 6, 4, 1]);
    expect(branches).toEqual([
      { begin: 7, shared: 4 },
      { begin: 9, shared: 1 },
    ]);
  });

  it('stands beside others in a batch, each reading itself', () => {
    fc.assert(
      fc.property(someTexts, someTexts, (some, others) => {
        const both = [branching('a', some), branching('b', others)];
        expect(read(both)).toEqual([...some, ...others].flatMap((one) => read([one])));
      }),
    );
  });

  it('refuses to be made of nothing', () => {
    expect(() => branching('none', [])).toThrow(/none has no texts/);
  });
});
