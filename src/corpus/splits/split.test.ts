import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playOf, somePlay } from '../../testing/plays/scene-table.ts';
import { scenesOf } from './scenes-of.ts';
import { crossFit, isShadow, splitOf } from './split.ts';
import { splitsFile } from './splits-file.ts';

/** A play of ours with so many scenes in each act, each of its own few words. */
function shaped(scenesByAct: readonly number[], title?: string) {
  return withScenes(
    scenesByAct.flatMap((count, act) =>
      Array.from({ length: count }, (_, scene) => `${act + 1}.${scene + 1}`),
    ),
    title,
  );
}

function withScenes(places: readonly string[], title?: string) {
  return playOf(
    Object.fromEntries(places.map((place) => [place, [['NELL', `we are in ${place}`]]])),
    title,
  );
}

describe('splitOf', () => {
  it('puts every scene of any play into one part and one fold, the same each time', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const split = splitOf('ours', play);
        const again = splitOf('ours', structuredClone(play));
        for (const scene of scenesOf(play)) {
          expect(['train', 'dev', 'holdout']).toContain(split.partOf(scene));
          expect([0, 1, 2, 3, 4]).toContain(split.foldOf(scene));
          expect(again.partOf(scene)).toBe(split.partOf(scene));
          expect(again.foldOf(scene)).toBe(split.foldOf(scene));
        }
        expect(scenesOf(play).map(split.partOf)).toContain('train');
      }),
      { numRuns: 50 },
    );
  });

  it('gives a play of one scene to train', () => {
    const split = splitOf('ours', shaped([1]));
    expect(split.partOf('1.1')).toBe('train');
  });

  it('has something to say of a play without a word', () => {
    const split = splitOf('ours', playOf({ '1.1': [], '1.2': [] }));
    expect([split.partOf('1.1'), split.partOf('1.2')]).toEqual(['train', 'train']);
  });

  it('refuses a scene that the play does not have', () => {
    const split = splitOf('ours', shaped([2, 1]));
    expect(() => split.partOf('2.2')).toThrow(RangeError);
    expect(() => split.foldOf('3.1')).toThrow('"The Weighing House" has no scene 3.1');
  });

  for (const { id, scenes, dev, holdout } of splitsFile().plays) {
    const kept = (split: { partOf(scene: string): string }, part: string) =>
      scenes.split(' ').filter((scene) => split.partOf(scene) === part);

    it(`takes the parts of ${id} from the data, by its id or by its title`, () => {
      for (const split of [
        splitOf(id, withScenes(scenes.split(' '), 'Untitled')),
        splitOf(
          'my-file',
          withScenes(scenes.split(' '), `The Tragedy of ${id.replaceAll('-', ' ').toUpperCase()}`),
        ),
      ]) {
        expect(kept(split, 'dev')).toEqual(dev);
        expect(kept(split, 'holdout')).toEqual(holdout);
      }
    });

    it(`holds nothing for an edition of ${id} with other scenes`, () => {
      const fewer = withScenes(scenes.split(' ').slice(0, -1), id);
      const split = splitOf(id, fewer);
      const searched = splitOf('no such play', { ...fewer, title: 'Untitled' });
      for (const scene of scenesOf(fewer)) expect(split.partOf(scene)).toBe(searched.partOf(scene));
    });
  }
});

describe('crossFit', () => {
  it('holds every scene out in exactly one of the folds, and leaves dev alone in the others', () => {
    fc.assert(
      fc.property(somePlay, (play) => {
        const split = splitOf('ours', play);
        for (const scene of scenesOf(play)) {
          const parts = [0, 1, 2, 3, 4].map((fold) => crossFit(split, fold).partOf(scene));
          expect(parts.indexOf('holdout')).toBe(split.foldOf(scene));
          const others = parts.filter((_, fold) => fold !== split.foldOf(scene));
          expect(new Set(others)).toEqual(
            new Set([split.partOf(scene) === 'dev' ? 'dev' : 'train']),
          );
        }
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a fold that is none', () => {
    const split = splitOf('ours', shaped([2]));
    for (const fold of [-1, 5, 1.5]) expect(() => crossFit(split, fold)).toThrow(RangeError);
  });
});

describe('isShadow', () => {
  it('takes about a fifth of all ids', () => {
    const ids = Array.from({ length: 5000 }, (_, i) => `item ${i}`);
    const share = ids.filter(isShadow).length / ids.length;
    // Three standard errors of a share of 0.2 among 5000.
    expect(Math.abs(share - 0.2)).toBeLessThan(0.017);
  });

  it('says the same of an id each time', () => {
    expect(isShadow('00aa11bb22cc33dd')).toBe(isShadow('00aa11bb22cc33dd'));
  });
});

describe('data/splits.json', () => {
  const { plays, allowed } = splitsFile();

  it('names scenes that there are, each once', () => {
    for (const { scenes, dev, holdout } of plays) {
      const named = [...dev, ...holdout];
      expect(new Set(named).size).toBe(named.length);
      expect(scenes.split(' ')).toEqual(expect.arrayContaining(named));
    }
  });

  it('gives a reason for every run of eight words it allows', () => {
    for (const { words, why } of allowed) {
      expect(words.split(' ')).toHaveLength(8);
      expect(why).not.toBe('');
    }
  });
});
