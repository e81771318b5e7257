import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playOf, somePlay } from '../../testing/plays/scene-table.ts';
import { sceneGroups } from './scene-groups.ts';
import { scenesOf } from './scenes-of.ts';

describe('sceneGroups', () => {
  it('has every scene and every word once', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const groups = sceneGroups(play);
        expect(groups.flatMap(({ scenes }) => scenes)).toEqual(scenesOf(play));
        for (const { name, words } of play.cast) {
          const counts = groups.map(({ bySpeaker }) => bySpeaker.get(name) ?? 0);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(words);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('keeps scenes together that say six words alike, through others too', () => {
    const play = playOf({
      '1.1': [['NELL', 'Meet me where the three roads part, at noon.']],
      '1.2': [['TOM', 'Nothing was said, and nothing heard.']],
      '1.3': [
        ['TOM', 'She wrote: "Meet me where the three roads part." Ink on the fish, and salt'],
      ],
      '2.1': [['NELL', 'He found ink on the fish and salt; no more.']],
      '2.2': [['TOM', 'Where the three roads part, at noon?']],
    });
    expect(sceneGroups(play).map(({ scenes }) => scenes)).toEqual([
      ['1.1', '1.3', '2.1', '2.2'],
      ['1.2'],
    ]);
  });

  it('does not mind what is said twice in one scene, or five words in two', () => {
    const play = playOf({
      '1.1': [
        ['NELL', 'Row, row, the tide is late, row, row, the tide is late'],
        ['TOM', 'the tide is late row row'],
      ],
      '1.2': [['TOM', 'Is it so? The tide is late, row']],
    });
    expect(sceneGroups(play)).toHaveLength(2);
  });
});
