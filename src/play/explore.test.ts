import { describe, expect, it } from 'vitest';
import { printings, scenes } from '../testing/plays/ostrava.ts';
import { explore } from './explore.ts';
import { parsePlay } from './parse.ts';
import { particularWords } from './particular-words.ts';
import { words } from './words.ts';

const exploration = explore(parsePlay(new TextEncoder().encode(printings.Markdown!)));
const turns = scenes.flatMap(({ turns: all }) =>
  all.flatMap((turn) => ('who' in turn ? [turn] : [])),
);
const lengths = turns.map(
  ({ say }) => say.flatMap((part) => (typeof part === 'string' ? words(part) : [])).length,
);

describe('explore', () => {
  it('counts what was invented', () => {
    expect(exploration.totals).toMatchObject({
      acts: 2,
      scenes: 3,
      speeches: turns.length,
      jointSpeeches: 1,
      words: lengths.reduce((sum, n) => sum + n, 0),
    });
    const marta = exploration.characters.find(({ name }) => name === 'MARTA')!;
    const own = lengths.filter((_, i) => turns[i]!.who.includes('MARTA'));
    expect(marta).toMatchObject({
      speeches: own.length,
      words: own.reduce((sum, n) => sum + n, 0),
      longestSpeechWords: Math.max(...own),
      scenes: 3,
    });
  });

  it('puts every speech into one row of lengths', () => {
    const rows = exploration.speechLengths;
    expect(rows.reduce((sum, { speeches }) => sum + speeches, 0)).toBe(turns.length);
    expect(rows.find(({ upToWords }) => upToWords === 5)!.speeches).toBe(
      lengths.filter((n) => n > 2 && n <= 5).length,
    );
  });

  it('counts answers within scenes only', () => {
    const count = (from: string, to: string): number =>
      exploration.answers.find((answer) => answer.from === from && answer.to === to)?.count ?? 0;
    expect(count('FERRYMAN', 'MARTA')).toBe(1);
    expect(count('MARTA', 'FIRST WATCHMAN'), 'across scenes').toBe(0);
  });

  it('sorts the warnings by what they say', () => {
    expect(exploration.cleaning.warnings).toEqual([
      {
        kind: 'Somebody speaks without being on stage',
        count: 1,
        example: expect.stringContaining('BRUNO speaks at 1.2.4'),
      },
    ]);
  });
});

describe('particularWords', () => {
  it('finds what one says and the others do not', () => {
    const own = [...'lamp lamp lamp lamp oil the the the'.split(' ')];
    const rest = [...Array(60).fill('the'), ...Array(20).fill('sea')] as string[];
    expect(particularWords(own, [...own, ...rest])[0]).toMatchObject({
      word: 'lamp',
      count: 4,
      elsewhere: 0,
    });
  });

  it('follows the published formula', () => {
    const own = ['a', 'a', 'a', 'b'];
    const all = [...own, 'a', 'b', 'b', 'c'];
    const prior = (500 * 4) / 8;
    const delta =
      Math.log((3 + prior) / (4 + 500 - 3 - prior)) - Math.log((1 + prior) / (4 + 500 - 1 - prior));
    const z = delta / Math.sqrt(1 / (3 + prior) + 1 / (1 + prior));
    expect(particularWords(own, all)[0]!.z).toBeCloseTo(z, 12);
  });

  it('finds nothing particular in one who speaks like all', () => {
    const all = Array.from({ length: 400 }, (_, i) => `w${i % 20}`);
    expect(particularWords(all.slice(0, 200), all).every(({ z }) => z < 1)).toBe(true);
  });
});
