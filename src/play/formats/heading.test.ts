import { describe, expect, it } from 'vitest';
import { words } from '../words.ts';
import { headingParts } from './heading.ts';

describe('headingParts', () => {
  it.each([
    ['ACT I', [{ level: 'act', number: 1 }]],
    ['Act 3.', [{ level: 'act', number: 3 }]],
    ['SECOND ACT', [{ level: 'act', number: 2 }]],
    ['SCENE II. The same.', [{ level: 'scene', number: 2 }]],
    ['Scena Tertia.', [{ level: 'scene', number: 3 }]],
    ['Sc. 4', [{ level: 'scene', number: 4 }]],
    ['THE PROLOGUE', [{ level: 'scene', number: 0 }]],
    ['EPILOGUE', [{ level: 'scene' }]],
  ])('reads "%s"', (text, parts) => {
    expect(headingParts(text)).toMatchObject(parts);
  });

  it.each(['Actus Primus. Scoena Prima.', 'ACT I. SCENE II.', 'Act 1, Scene 2. A quay.'])(
    'reads an act and a scene in "%s", all its words in the two',
    (text) => {
      const parts = headingParts(text);
      expect(parts.map(({ level }) => level)).toEqual(['act', 'scene']);
      expect(parts.flatMap((part) => words(part.text))).toEqual(words(text));
    },
  );

  it.each([
    'Act well thy part',
    'SCENE: In the end',
    'Scene indiuidible',
    'ACTUAL costs',
    'Acting',
  ])('takes "%s" for no heading', (text) => {
    expect(headingParts(text)).toEqual([]);
  });
});
