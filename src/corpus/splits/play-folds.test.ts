import { describe, expect, it } from 'vitest';
import { plays } from '../../hub/catalogue.ts';
import { playOf } from '../../testing/plays/scene-table.ts';
import { heldOutWhole, playFolds, playsOfFold } from './play-folds.ts';
import { splitOf } from './split.ts';

const folds = Array.from({ length: playFolds }, (_, fold) => playsOfFold(fold));

describe('playsOfFold', () => {
  it('has every play of the catalogue in one fold', () => {
    expect(folds.flat().sort()).toEqual(
      plays()
        .map(({ id }) => id)
        .sort(),
    );
    for (const ids of folds) expect(ids.length).toBeGreaterThanOrEqual(9);
  });

  it('keeps Hamlet and Macbeth apart, and together what the same persons go on in', () => {
    const foldOf = (id: string): number => folds.findIndex((ids) => ids.includes(id));
    expect(foldOf('hamlet')).not.toBe(foldOf('macbeth'));
    for (const ids of [
      ['henry-iv-part-1', 'henry-iv-part-2', 'henry-v', 'merry-wives-of-windsor', 'richard-ii'],
      ['henry-vi-part-1', 'henry-vi-part-2', 'henry-vi-part-3', 'richard-iii'],
      ['julius-caesar', 'antony-and-cleopatra'],
    ])
      expect(new Set(ids.map(foldOf)).size).toBe(1);
  });

  it('refuses a fold that is none', () => {
    for (const fold of [-1, playFolds, 0.5]) expect(() => playsOfFold(fold)).toThrow(RangeError);
  });
});

describe('heldOutWhole', () => {
  it('makes every scene holdout, and still knows which scenes there are', () => {
    const split = heldOutWhole(splitOf('ours', playOf({ '1.1': [['NELL', 'Hail']] })));
    expect(split.partOf('1.1')).toBe('holdout');
    expect(() => split.partOf('1.2')).toThrow(RangeError);
  });
});
