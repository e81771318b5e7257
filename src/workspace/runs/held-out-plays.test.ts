import { describe, expect, it } from 'vitest';
import { playsOfFold } from '../../corpus/splits/play-folds.ts';
import { plays } from '../../hub/catalogue.ts';
import { learnedPlays, requireNotHeldOut, requireUntouched } from './held-out-plays.ts';

const usage = (message: RegExp) =>
  expect.objectContaining({ code: 'USAGE', message: expect.stringMatching(message) });

describe('learnedPlays', () => {
  it('are all plays of the catalogue but those of the fold that is held out', () => {
    for (const fold of [0, 1, 2, 3]) {
      const learned = learnedPlays({ heldOutFold: fold });
      expect([...learned, ...playsOfFold(fold)].sort()).toEqual(
        plays()
          .map(({ id }) => id)
          .sort(),
      );
    }
    expect(learnedPlays({ heldOutFold: 0 })).not.toContain('hamlet');
    expect(learnedPlays({ heldOutFold: 1 })).toContain('hamlet');
  });

  it('refuse a held-out play by its name', () => {
    const named = { plays: ['macbeth', 'hamlet'] };
    expect(() => learnedPlays({ ...named, heldOutFold: 0 })).toThrow(
      usage(/--plays has "hamlet", which fold 0 holds out/),
    );
    expect(learnedPlays({ ...named, heldOutFold: 2 })).toEqual(named.plays);
    expect(() => learnedPlays({ plays: ['macbeth', 'macbeth'], heldOutFold: 0 })).toThrow(
      usage(/"macbeth" twice/),
    );
    expect(() => learnedPlays({ plays: [], heldOutFold: 0 })).toThrow(usage(/no plays/));
  });
});

describe('requireNotHeldOut', () => {
  it('knows a held-out play by its title, whatever its file is called', () => {
    const file = { id: 'my-copy', title: 'THE TRAGEDY OF HAMLET, Prince of Denmark' };
    expect(() => requireNotHeldOut(file, 0)).toThrow(usage(/my-copy is hamlet by its title/));
    expect(() => requireNotHeldOut(file, 1)).not.toThrow();
    expect(() => requireNotHeldOut({ id: 'mine', title: 'The Salt Road' }, 0)).not.toThrow();
  });
});

describe('requireUntouched', () => {
  it('refuses a version that has learned from a held-out play, alone or among others', () => {
    const version = { id: 'abc', play: 'hamlet' };
    const many = { id: 'abc', play: 'a,b', plays: ['macbeth', 'hamlet'] };
    for (const one of [version, many])
      expect(() => requireUntouched(one, 0)).toThrow(
        expect.objectContaining({
          code: 'ADAPTER_MISMATCH',
          message: 'abc was trained on hamlet, which fold 0 holds out',
        }),
      );
    expect(() => requireUntouched(version, 2)).not.toThrow();
  });
});
