import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../../play/words.ts';
import { nearDuplicates } from './near-duplicates.ts';

/** The share by the book: sets of runs, intersection over union. */
function jaccard(one: string, other: string): number {
  const runs = (text: string): Set<string> => {
    const all = words(text);
    const found = new Set<string>();
    if (all.length < 8) found.add(all.join(' '));
    for (let i = 0; i + 8 <= all.length; i++) found.add(all.slice(i, i + 8).join(' '));
    return found;
  };
  const [a, b] = [runs(one), runs(other)];
  const both = [...a].filter((run) => b.has(run)).length;
  return both / new Set([...a, ...b]).size;
}

describe('nearDuplicates', () => {
  it('tells each text that half repeats an earlier one, with the one it is most like', () => {
    const text = fc
      .array(fc.constantFrom('salt', 'pan', 'beam'), { minLength: 1, maxLength: 24 })
      .map((all) => all.join(' '));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        const found = nearDuplicates(texts);
        texts.forEach((one, second) => {
          const shares = texts.slice(0, second).map((earlier) => jaccard(earlier, one));
          const most = Math.max(0, ...shares);
          const told = found.find((duplicate) => duplicate.second === second);
          if (most < 0.5) expect(told).toBeUndefined();
          else {
            expect(told!.share).toBeCloseTo(most, 12);
            expect(shares[told!.first]).toBeCloseTo(most, 12);
          }
        });
      }),
    );
  });

  it('does not mind case and punctuation', () => {
    expect(nearDuplicates(['Who put the salt there?', 'who put the salt THERE'])).toEqual([
      { first: 0, second: 1, share: 1 },
    ]);
  });
});
