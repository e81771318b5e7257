import { describe, expect, it } from 'vitest';
import { saltRoad } from '../../testing/plays/salt-road.ts';
import {
  type Director,
  type DirectorContext,
  type DirectorOptions,
  directorOf,
  type SaidTurn,
} from '../director.ts';
import type { NextEvent, Policy } from '../events.ts';

const context = (given: Partial<DirectorContext>): DirectorContext => ({
  turns: [],
  onStage: ['IVO', 'MAGDA', 'OSWIN', 'PETRA'],
  entered: new Map(),
  nudges: new Map(),
  seed: 7,
  turn: 0,
  ...given,
});
const said = (...speakers: string[]): SaidTurn[] =>
  speakers.map((who) => ({ who, text: 'The bell.' }));

describe('The policy', () => {
  const of = (policy: Policy, options: Partial<DirectorOptions> = {}) =>
    directorOf(policy, { play: saltRoad, ...options });

  it('round robin goes through the names', async () => {
    const turns: SaidTurn[] = said('MAGDA');
    for (let turn = 0; turn < 5; turn++)
      turns.push(...said((await nextOf(of('round-robin'), { turns, turn })).chosen));
    expect(turns.map(({ who }) => who)).toEqual([
      ...['MAGDA', 'OSWIN', 'PETRA', 'IVO', 'MAGDA', 'OSWIN'],
    ]);
  });

  it('aba goes back to who spoke before last, and draws if that one has left', async () => {
    const turns = said('MAGDA', 'IVO');
    expect(await nextOf(of('aba'), { turns })).toMatchObject({ chosen: 'MAGDA' });
    const left = await nextOf(of('aba'), { turns, onStage: ['IVO', 'OSWIN', 'PETRA'] });
    expect(left.probabilities).toEqual([0.5, 0.5]);
  });

  it('script follows its order whatever is put in, and ends with it', async () => {
    const script = { order: ['PETRA', 'PETRA', 'IVO'], after: 1 };
    const next = (...speakers: string[]) =>
      of('script', { script }).next(context({ turns: said('PETRA', ...speakers) }));
    expect(await next()).toMatchObject({ chosen: 'PETRA', by: 'script' });
    expect(await next('PETRA')).toMatchObject({ chosen: 'PETRA' });
    expect(await next('PETRA', 'OSWIN', 'PETRA')).toMatchObject({ chosen: 'IVO' });
    expect(await next('PETRA', 'PETRA', 'IVO')).toEqual({ kind: 'end', reason: 'script' });
    const absent = of('script', { script }).next(context({ onStage: ['IVO'] }));
    expect(await absent).toMatchObject({
      detail: expect.stringContaining("turn 1 of the script is PETRA's"),
    });
  });

  it('human waits to be told', async () => {
    expect(await of('human').next(context({}))).toEqual({ kind: 'wait' });
  });

  it('silence ends a scene after as many turns as scenes of the plays have, on the mean', async () => {
    const lengths = [];
    for (let seed = 0; seed < 400; seed++) {
      let turn = 1;
      const director = of('silence');
      while ((await director.next(context({ turns: said('IVO'), seed, turn }))).kind === 'next')
        turn++;
      lengths.push(turn);
    }
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(36);
    expect(mean).toBeLessThan(48);
  });

  it('model goes by the label that the page makes likelier', async () => {
    const gains = async (_: DirectorContext, candidates: readonly string[]) =>
      candidates.map((name) => (name === 'OSWIN' ? Math.log(6) : 0));
    const event = await nextOf(of('model', { scorer: gains }), { turns: said('IVO') });
    expect(event.probabilities.map((p) => Number(p.toFixed(9)))).toEqual([0.125, 0.75, 0.125]);
    expect(event.features).toEqual([[0], [Math.log(6)], [0]]);
  });

  it('model or script is refused without what it needs', () => {
    expect(() => of('model')).toThrow('the policy "model" needs a scorer of labels');
    expect(() => of('script')).toThrow('the policy "script" needs the order of a script');
  });
});

/** A choice that has to be one. */
async function nextOf(director: Director, given: Partial<DirectorContext>): Promise<NextEvent> {
  const choice = await director.next(context(given));
  if (choice.kind !== 'next') throw new Error(`nobody was chosen but ${JSON.stringify(choice)}`);
  return choice;
}
