import { describe, expect, it } from 'vitest';
import { playOf } from '../../testing/plays/scene-table.ts';
import { VocabularyBand } from './vocabulary-band.ts';

describe('The vocabulary band', () => {
  it('allows as many unknown words as nearly all speeches have in the absence of their scene', () => {
    const shared = 'the salt is upon the left';
    const play = playOf({
      '1.1': [['ADA', `${shared} pan of scale today`]],
      '1.2': [['BEN', `${shared} hand nobody knows why`]],
    });
    // Ten words each, of which the last four are the scene's own.
    const band = new VocabularyBand({ play });
    expect(band.most).toBeCloseTo(0.4);
    expect(band.strangers('the salt is upon the left a b c d')).toBeUndefined();
    expect(band.strangers('the salt is upon the a b c d e')).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('allows three in ten where all scenes have the same words', () => {
    const text = 'the salt is upon the left pan of the scale';
    const band = new VocabularyBand({
      play: playOf({ '1.1': [['ADA', text]], '1.2': [['BEN', text]] }),
    });
    expect(band.most).toBe(0.3);
    expect(band.has('salt')).toBe(true);
    expect(band.has('telephone')).toBe(false);
  });
});
