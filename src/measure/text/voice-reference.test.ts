import { describe, expect, it } from 'vitest';
import { harbour } from '../../testing/plays/harbour.ts';
import { prng } from '../statistics/prng.ts';
import { countWords, type WordCounts } from './delta.ts';
import { spokenTexts, trainText, trainTextOf } from './train-text.ts';
import { voiceReference } from './voice-reference.ts';

const text = trainTextOf(harbour);
const marta = voiceReference(text, 'MARTA');
const heldOut = (name: string): string[] =>
  spokenTexts(harbour)
    .filter(
      ({ scene, speakers }) => speakers[0] === name && harbour.split.partOf(scene) !== 'train',
    )
    .flatMap(({ words }) => words);
const counted = (words: readonly string[]): WordCounts[] => [countWords(words, marta.scale)];

describe('The training text', () => {
  it('has the scenes for training and no others, and is found by its key', () => {
    expect(new Set(text.speeches.map(({ scene }) => scene))).toEqual(
      new Set(['1.1', '1.2', '1.4', '2.1', '2.2', '2.4']),
    );
    expect(trainText(text.key)).toBe(text);
    expect(() => trainText('0000')).toThrow(RangeError);
  });

  it('knows who says most first', () => {
    const said = text.speakers.map((name) => text.by(name).flatMap(({ words }) => words).length);
    expect(said).toEqual([...said].sort((a, b) => b - a));
  });
});

describe('A voice', () => {
  it('is nearer to its own held-out words than to those of others', () => {
    const own = marta.percentile(counted(heldOut('MARTA')));
    expect(own).toBeGreaterThan(0.2);
    for (const other of ['BRUNO', 'ODILE'])
      expect(marta.percentile(counted(heldOut(other)))).toBeLessThan(0.2);
    const share = marta.impostorsShare(counted(heldOut('MARTA')));
    expect(share).toBeGreaterThan(0.9);
    expect(marta.impostorsShare(counted(heldOut('BRUNO')))).toBeLessThan(share);
  });

  it('is told from a hundred words on', () => {
    expect(marta.percentile(counted(heldOut('MARTA').slice(0, 99)))).toBeNaN();
    expect(marta.percentile(counted(heldOut('MARTA').slice(0, 100)))).not.toBeNaN();
    expect(marta.impostorsShare([])).toBeNaN();
  });

  it('takes a caricature for more like the speaker than the speaker', () => {
    const random = prng(1);
    const own = text.by('MARTA').flatMap(({ words }) => words);
    const salad = Array.from({ length: 400 }, () => own[Math.floor(random() * own.length)]!);
    expect(marta.percentile(counted(salad))).toBeGreaterThan(
      marta.percentile(counted(heldOut('MARTA'))),
    );
  });

  it('has the particular words of the speaker, and the lengths of their speeches', () => {
    expect(marta.markers).toEqual(expect.arrayContaining(['my', 'i', 'think', 'never']));
    const [shortest, longest] = marta.lengths;
    expect(shortest).toBeGreaterThan(10);
    expect(longest).toBeLessThan(120);
  });

  it('is worked out once', () => {
    expect(voiceReference(text, 'MARTA')).toBe(marta);
  });
});
