import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import { speechParts } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';
import { printings } from '../../testing/plays/ostrava.ts';
import { somePlay } from '../../testing/plays/scene-table.ts';
import { scenesOf } from './scenes-of.ts';
import { splitOf } from './split.ts';
import { trainPlay, withoutScenes } from './without-scenes.ts';

const printed = Object.entries(printings).map(
  ([name, text]) => [name, parsePlay(new TextEncoder().encode(text))] as const,
);

describe('withoutScenes', () => {
  for (const [name, play] of printed) {
    it(`leaves acts and cast of ${name} as they are if it drops nothing`, () => {
      const same = withoutScenes(play, () => false);
      expect(same.acts).toEqual(play.acts);
      expect(same.cast).toEqual(play.cast);
      expect(same.title).toBe(play.title);
    });
  }

  it('drops scenes and acts that are left empty, and counts again what the cast speaks', () => {
    const [, play] = printed[0]!;
    const left = withoutScenes(play, (scene) => scene !== '1.2');
    expect(scenesOf(left)).toEqual(['1.2']);
    for (const { name, speeches, words: count } of left.cast) {
      const own = [...speechParts(left)].filter(({ speech }) => speech.speakers.includes(name));
      expect(speeches).toBe(own.filter(({ speech }) => !speech.continued).length);
      expect(count).toBe(own.flatMap(({ speech }) => speech.lines.flatMap(words)).length);
    }
    expect(left.cast.map(({ name }) => name)).toEqual(play.cast.map(({ name }) => name));
  });

  it('keeps nothing that may quote what was dropped', () => {
    const [, play] = printed[0]!;
    const loud = {
      ...play,
      warnings: [{ line: 3, message: 'quotes a line' }],
      boilerplate: [{ line: 1, text: 'a line' }],
    };
    const left = withoutScenes(loud, () => false);
    expect(left.warnings).toEqual([]);
    expect(left).not.toHaveProperty('boilerplate');
  });
});

describe('trainPlay', () => {
  it('has the train scenes and no others', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const split = splitOf('ours', play);
        expect(scenesOf(trainPlay(play, split))).toEqual(
          scenesOf(play).filter((scene) => split.partOf(scene) === 'train'),
        );
      }),
      { numRuns: 20 },
    );
  });
});
