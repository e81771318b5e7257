import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from './run-index.ts';

/** Texts of few different words, so that runs return in every way. */
const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 14 })
  .map((each) => each.join(' '));

/** The longest run up to word `end` of `own` that any of the texts has, by trying all. */
function longestUpTo(end: number, own: readonly string[], texts: readonly string[]): number {
  for (let length = end + 1; length > 0; length--)
    if (texts.some((each) => has(each, own.slice(end - length + 1, end + 1)))) return length;
  return 0;
}

const has = (whole: string, run: readonly string[]): boolean =>
  ` ${whole} `.includes(` ${run.join(' ')} `);

describe('RunIndex', () => {
  it('knows for each word the longest run that ends with it, and a text that has that run', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 6 }), text, (texts, asked) => {
        const index = new RunIndex(texts.map((each, i) => ({ place: `${i}`, text: each })));
        const own = asked.split(' ').filter((word) => word !== '');
        const agreements = index.agreements(own);
        expect(agreements.map(({ length }) => length)).toEqual(
          own.map((_, end) => longestUpTo(end, own, texts)),
        );
        agreements.forEach(({ length, place }, end) => {
          const run = own.slice(end - length + 1, end + 1);
          if (length === 0) expect(place).toBeUndefined();
          else expect(has(texts[Number(place)]!, run)).toBe(true);
        });
      }),
      { numRuns: 1000 },
    );
  });

  it('does not mind case, punctuation or the kind of apostrophe', () => {
    const index = new RunIndex([{ place: '1.1.1', text: "O'er the wall,\nand -- away!" }]);
    expect(index.agreements(["o'er", 'the', 'wall', 'and', 'away'])[4]!.length).toBe(5);
  });

  it('takes no run from one text into the next', () => {
    const index = new RunIndex([
      { place: '1.1.1', text: 'the door is' },
      { place: '1.1.2', text: 'open again' },
    ]);
    expect(index.agreements(['door', 'is', 'open', 'again']).map(({ length }) => length)).toEqual([
      1, 2, 1, 2,
    ]);
  });

  it('takes a long repetition in its stride', () => {
    const repeated = 'la '.repeat(100_000).trim();
    const index = new RunIndex([{ place: '1.1.1', text: repeated }]);
    expect(index.agreements(repeated.split(' ')).at(-1)!.length).toBe(100_000);
  });
});
