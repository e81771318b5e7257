import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from './run-index.ts';
import { sharedCount, sharedRun, sharedRuns } from './shared-run.ts';

const index = new RunIndex([
  { place: '1.1.1', text: 'The ferry leaves at seven, wind or no wind.' },
  { place: '1.2.4', text: 'Wind or no wind, I shall be home by eight.' },
]);

describe('sharedRun', () => {
  it('is the longest, with where it stands in both', () => {
    const text = 'She said: wind or no wind I shall be home, since the ferry leaves at nine.';
    expect(sharedRun(text, index)).toEqual({
      length: 8,
      words: 'wind or no wind i shall be home',
      at: 2,
      place: '1.2.4',
    });
  });

  it('is the first of several as long', () => {
    expect(sharedRun('home by night, at seven', index)?.words).toBe('home by');
  });

  it('is nothing for a text that has no word in common, or none at all', () => {
    expect(sharedRun('Quite otherwise', index)).toBeUndefined();
    expect(sharedRun('', index)).toBeUndefined();
  });
});

describe('sharedRuns', () => {
  it('are those that cannot be made longer, overlapping ones too', () => {
    // Both texts of the index go on after "wind or no wind": the run changes from one to the other.
    const runs = sharedRuns('at seven, wind or no wind I shall', index, 3);
    expect(runs.map(({ words, at, place }) => [words, at, place])).toEqual([
      ['at seven wind or no wind', 0, '1.1.1'],
      ['wind or no wind i shall', 2, '1.2.4'],
    ]);
  });

  it('leave out what is allowed, unless more is said alike', () => {
    const isAllowed = (words: string) => words === 'wind or no wind';
    expect(sharedRuns('Wind or no wind, we go', index, 4, isAllowed)).toEqual([]);
    expect(sharedRuns('Wind or no wind, I go', index, 4, isAllowed)).toMatchObject([
      { words: 'wind or no wind i' },
    ]);
  });

  it('cover exactly the runs of so many words that the index has', () => {
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 })
      .map((each) => each.join(' '));
    fc.assert(
      fc.property(text, text, (known, asked) => {
        const own = asked.split(' ');
        const grams = own.slice(2).map((_, i) => own.slice(i, i + 3).join(' '));
        const isKnown = (gram: string) => ` ${known} `.includes(` ${gram} `);
        const runs = sharedRuns(asked, new RunIndex([{ place: '1', text: known }]), 3);
        const covered = grams.map((_, i) =>
          runs.some(({ at, length }) => at <= i && i + 3 <= at + length),
        );
        expect(covered).toEqual(grams.map(isKnown));
        expect(sharedCount(asked, new RunIndex([{ place: '1', text: known }]), 3)).toEqual({
          shared: grams.filter(isKnown).length,
          all: grams.length,
        });
      }),
    );
  });
});
