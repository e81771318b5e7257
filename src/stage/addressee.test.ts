import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { type DirectorContext, directorOf } from './director.ts';
import type { NextEvent } from './events.ts';
import { featuresOf, knownCast } from './turn-features.ts';

const context = (given: Partial<DirectorContext>): DirectorContext => ({
  turns: [{ who: 'IVO', text: 'Count them.' }],
  onStage: ['IVO', 'MAGDA', 'OSWIN', 'PETRA'],
  entered: new Map(),
  nudges: new Map(),
  seed: 7,
  turn: 1,
  ...given,
});
const addressing = directorOf('turn-model', { play: saltRoad, isAddressing: true });
const next = async (given: Partial<DirectorContext>): Promise<NextEvent> => {
  const choice = await addressing.next(context(given));
  if (choice.kind !== 'next') throw new Error(`the scene ended: ${choice.kind}`);
  return choice;
};

describe('The addressee', () => {
  it('is somebody else on stage, or everybody in about a seventh of the turns', async () => {
    let forAll = 0;
    for (let turn = 0; turn < 1000; turn++) {
      const { chosen, to } = await next({ turn });
      expect(to).not.toBe(chosen);
      if (to === undefined) forAll++;
      else expect(context({}).onStage).toContain(to);
    }
    expect(forAll).toBeGreaterThan(110);
    expect(forAll).toBeLessThan(190);
  });

  it('is the only other one, and nobody where there is none', async () => {
    expect(await next({ onStage: ['IVO', 'OSWIN'] })).toMatchObject({ chosen: 'OSWIN', to: 'IVO' });
    expect((await next({ onStage: ['OSWIN'] })).to).toBeUndefined();
  });

  it('leaves the choice of the speaker what it is without', async () => {
    const { to, ...choice } = await next({});
    expect(await directorOf('turn-model', { play: saltRoad }).next(context({}))).toEqual(choice);
    expect(to).toBeDefined();
  });

  it('counts as called where the next speaker is chosen', () => {
    const cast = knownCast(saltRoad);
    const calledIn = (to?: string) =>
      featuresOf(
        { turns: [{ who: 'IVO', text: 'Well?', to }], entered: new Map() },
        ['OSWIN'],
        cast,
      )[0]![1];
    expect([calledIn(), calledIn('PETRA'), calledIn('OSWIN')]).toEqual([0, 0, 1]);
  });
});
