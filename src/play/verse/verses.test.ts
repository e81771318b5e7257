import { beforeAll, describe, expect, it } from 'vitest';
import { words } from '../words.ts';
import { loadPronunciations, syllablesIn, syllablesOf } from './syllables.ts';
import { isPentameter, isProse, isVerse, pentameterShare, versesOf } from './verses.ts';

beforeAll(loadPronunciations);

describe('Syllables', () => {
  const cases: Readonly<Record<string, readonly [number, number]>> = {
    lantern: [2, 2],
    heaven: [1, 2],
    "o'er": [1, 1],
    "kill'd": [1, 1],
    killed: [1, 2],
    wanted: [2, 2],
    "o'erthrow": [2, 2],
    'grave-maker': [3, 3],
    turneth: [2, 2],
    "is't": [1, 1],
    "lantern's": [2, 2],
    "judge's": [2, 2],
    unkindness: [3, 3],
    twas: [1, 1],
    prithee: [2, 2],
    hyperion: [4, 4],
    // In no dictionary: by their vowels.
    blorple: [2, 2],
    grimbashful: [3, 3],
  };
  for (const [word, [least, most]] of Object.entries(cases))
    it(`of "${word}" are ${least === most ? least : `${least} or ${most}`}`, () => {
      expect(syllablesOf(word)).toEqual({ least, most });
    });

  it('of a line are those of its words', () => {
    expect(syllablesIn(words("The lantern burns and heaven's dark tonight"))).toEqual({
      least: 9,
      most: 10,
    });
  });
});

describe('Verses', () => {
  const verse = [
    'The lantern burns above the weary quay,',
    'And all the boats come in to seek the light;',
    'I count the masts that rise out of the sea,',
    'And trim the wick, and wait throughout the night.',
  ];

  it('have ten or eleven syllables a line', () => {
    for (const line of verse) expect(isPentameter(words(line)), line).toBe(true);
    expect(isPentameter(words('The lantern burns'))).toBe(false);
    expect(isPentameter(words(verse.slice(0, 2).join(' ')))).toBe(false);
  });

  it('are read line by line where there are line breaks, and in windows of eight words where not', () => {
    expect(versesOf(verse.join('\n'))).toEqual({ layout: 'lines', pieces: verse.map(words) });
    const windows = versesOf(verse.join(' '));
    expect(windows.layout).toBe('windows');
    expect(windows.pieces).toHaveLength(Math.floor(words(verse.join(' ')).length / 8));
    expect(pentameterShare(versesOf(verse.join('\n')).pieces)).toBe(1);
    expect(pentameterShare(versesOf('').pieces)).toBeNaN();
  });

  it('are told from prose by how lines begin', () => {
    expect(isVerse(verse)).toBe(true);
    expect(isProse(verse)).toBe(false);
    expect(isProse(['I had a boat once, but it was', 'old and went down in the harbour.'])).toBe(
      true,
    );
    expect(isVerse(["'Tis late."])).toBe(false);
  });
});
