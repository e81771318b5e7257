import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { harbour } from '../../testing/plays/harbour.ts';
import { prng } from '../statistics/prng.ts';
import { spokenTexts, trainTextOf } from './train-text.ts';
import { TrigramModel } from './trigram-model.ts';
import { orderGain } from './word-order.ts';

const sentences = ['the tide goes out', 'the tide comes in', 'a tide goes in'].map((sentence) =>
  sentence.split(' '),
);

/** Bits of words by trigrams that are counted anew for each word. */
function slowBits(texts: readonly (readonly string[])[], words: readonly string[]): number[] {
  const count = (...run: string[]): number =>
    texts.reduce(
      (sum, text) =>
        sum + text.filter((_, at) => run.every((word, i) => text[at + i] === word)).length,
      0,
    );
  const followed = (...run: string[]): number =>
    texts.reduce(
      (sum, text) =>
        sum +
        text.filter(
          (_, at) => at + run.length < text.length && run.every((w, i) => text[at + i] === w),
        ).length,
      0,
    );
  const all = texts.reduce((sum, text) => sum + text.length, 0);
  return words.map((word, at) => {
    let p = 0.05 / 10_000 + (0.15 * count(word)) / all;
    const [first, second] = [words[at - 2], words[at - 1]];
    if (second !== undefined && count(second, word) > 0)
      p += (0.3 * count(second, word)) / followed(second);
    if (first !== undefined && second !== undefined && count(first, second, word) > 0)
      p += (0.5 * count(first, second, word)) / followed(first, second);
    return -Math.log2(p);
  });
}

describe('A trigram model', () => {
  it('gives each word the bits that counting by hand gives', () => {
    const word = fc.constantFrom('the', 'a', 'tide', 'goes', 'comes', 'in', 'out', 'gull');
    const model = new TrigramModel(sentences);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const slow = slowBits(sentences, words);
        model.bits(words).forEach((bits, i) => {
          expect(bits).toBeCloseTo(slow[i]!, 10);
        });
      }),
    );
  });

  it('learns nothing across the border of two speeches', () => {
    const one = new TrigramModel([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const two = new TrigramModel([['a', 'b', 'c', 'd']]);
    expect(one.bits(['b', 'c'])[1]).toBeGreaterThan(two.bits(['b', 'c'])[1]!);
  });

  it('has no bits for no words', () => {
    expect(new TrigramModel(sentences).bitsPerWord([])).toBeNaN();
  });
});

describe('What the order of words saves', () => {
  const text = trainTextOf(harbour);
  const heldOut = spokenTexts(harbour)
    .filter(({ scene }) => harbour.split.partOf(scene) === 'holdout')
    .flatMap(({ words }) => words)
    .slice(0, 200);

  it('is much in new sentences, and nothing in a salad of the same words', () => {
    const random = prng(2);
    const salad = Array.from({ length: 200 }, () => heldOut[Math.floor(random() * 200)]!);
    expect(orderGain(heldOut, text.trigrams)).toBeGreaterThan(0.5);
    expect(Math.abs(orderGain(salad, text.trigrams))).toBeLessThan(0.3);
  });

  it('is not told of a single word', () => {
    expect(orderGain(['tide'], text.trigrams)).toBeNaN();
  });

  it('is the same each time', () => {
    expect(orderGain(heldOut, text.trigrams)).toBe(orderGain(heldOut, text.trigrams));
  });
});
