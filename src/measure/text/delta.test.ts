import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { burrowsDelta, cosine, countWords, dot, wordScale, zScores } from './delta.ts';
import { Directions } from './directions.ts';

const texts = [
  'the sea the sea and the rope'.split(' '),
  'a rope and a bell and a stair'.split(' '),
  'the bell is the bell of the sea'.split(' '),
];
const scale = wordScale(texts, 5, () => false);

describe('wordScale', () => {
  it('takes the commonest words, without names and without those that do not vary', () => {
    expect(scale.words).toEqual(['the', 'a', 'and', 'bell', 'sea']);
    expect(wordScale(texts, 5, (word) => word === 'the').words).not.toContain('the');
    expect(
      wordScale(
        [
          ['a', 'b'],
          ['a', 'c'],
        ],
        3,
        () => false,
      ).words,
    ).toEqual(['b', 'c']);
  });

  it('has the mean and the deviation of each word over the texts', () => {
    const shares = [3 / 7, 0, 3 / 8];
    const mean = (3 / 7 + 0 + 3 / 8) / 3;
    const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / 2;
    expect(scale.mean[0]).toBeCloseTo(mean);
    expect(scale.deviation[0]).toBeCloseTo(Math.sqrt(variance));
  });
});

describe('zScores', () => {
  it('of pooled texts are those of one text made of them', () => {
    const pooled = zScores([countWords(texts[0]!, scale), countWords(texts[1]!, scale)], scale);
    const whole = zScores([countWords([...texts[0]!, ...texts[1]!], scale)], scale);
    expect([...pooled]).toEqual([...whole]);
  });
});

describe('Deltas', () => {
  const z = texts.map((text) => zScores([countWords(text, scale)], scale));

  it('are least for the same text, and Cosine Delta is most for the opposite', () => {
    const opposite = z[0]!.map((value) => -value);
    expect(cosine(z[0]!, z[0]!)).toBeCloseTo(1);
    expect(cosine(z[0]!, opposite)).toBeCloseTo(-1);
    expect(burrowsDelta(z[0]!, z[0]!)).toBe(0);
  });

  it('put a text nearer to its own kind', () => {
    const like = zScores([countWords('the sea is the sea'.split(' '), scale)], scale);
    expect(cosine(like, z[0]!)).toBeGreaterThan(cosine(like, z[1]!));
    expect(burrowsDelta(like, z[0]!)).toBeLessThan(burrowsDelta(like, z[1]!));
  });
});

describe('Directions', () => {
  it('give the dot products of pooled z-scores, whatever is pooled', () => {
    const word = fc.constantFrom('the', 'a', 'and', 'bell', 'sea', 'other');
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.array(value, { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 3 }),
        (pooled, rows) => {
          const directions = rows.map((row) => Float64Array.from(row));
          const counted = pooled.map((text) => countWords(text, scale));
          const z = zScores(counted, scale);
          const products = new Directions(directions, scale).products(counted);
          directions.forEach((row, i) => {
            expect(products[i]).toBeCloseTo(dot(row, z), 8);
          });
        },
      ),
    );
  });
});
