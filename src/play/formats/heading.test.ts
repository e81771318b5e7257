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
    ['ELSŐ FELVONÁS', [{ level: 'act', number: 1 }]],
    ['TIZENNEGYEDIK JELENET', [{ level: 'scene', number: 14 }]],
    ['ELŐVERSENGÉS', [{ level: 'scene', number: 0 }]],
    ['DZIAŁANIE', []],
    ['AKT PIERWSZY', [{ level: 'act', number: 1 }]],
    ['Jednání druhé', [{ level: 'act', number: 2 }]],
    ['Дія третя', [{ level: 'act', number: 3 }]],
    ['Ява 4', [{ level: 'scene', number: 4 }]],
    ['Toinen näytös', [{ level: 'act', number: 2 }]],
    ['Birinci Perde', [{ level: 'act', number: 1 }]],
    ['Scena IIda.', [{ level: 'scene', number: 2 }]],
    ['Act. Imus.', [{ level: 'act', number: 1 }]],
    ['ACTUS ULTIMUS, Bacchanalis', [{ level: 'act' }]],
    [
      'Chorus. Actus 3. Scena Prima',
      [
        { level: 'act', number: 3 },
        { level: 'scene', number: 1 },
      ],
    ],
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
    'Kep the door',
    'Cin. I am no act',
    'Acting',
  ])('takes "%s" for no heading', (text) => {
    expect(headingParts(text)).toEqual([]);
  });
});
