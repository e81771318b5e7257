import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { type Director, type DirectorContext, directorOf, type SaidTurn } from './director.ts';
import type { NextEvent } from './events.ts';

const names = ['IVO', 'MAGDA', 'OSWIN', 'PETRA'];
const scorer = async (_: DirectorContext, candidates: readonly string[]) =>
  candidates.map((name) => (name.length % 3) - 1);
const policies = ['turn-model', 'silence', 'model', 'round-robin', 'aba', 'random'] as const;
const directors = policies.map((policy) => directorOf(policy, { play: saltRoad, scorer }));

const context = (given: Partial<DirectorContext>): DirectorContext => ({
  turns: [],
  onStage: names,
  entered: new Map(),
  nudges: new Map(),
  seed: 7,
  turn: 0,
  ...given,
});
const said = (...speakers: string[]) =>
  speakers.map((who) => ({ who, text: 'The bell, the bell.' }));

const anyStage = fc.record({
  turns: fc.array(
    fc.record({
      who: fc.constantFrom(...names, 'THE LEDGER'),
      text: fc.constantFrom('What is it, Oswin?', 'Petra, hold!', 'No.', '', 'Nine sacks?'),
    }),
    { maxLength: 12 },
  ),
  onStage: fc.subarray(names, { minLength: 1 }),
  resting: fc.subarray(names, { maxLength: 2 }),
  seed: fc.nat(),
  turn: fc.nat(99),
});

describe('Every policy that chooses by itself', () => {
  it('names somebody on stage, and nobody twice running while another may speak (10,000 stages)', async () => {
    await fc.assert(
      fc.asyncProperty(anyStage, fc.constantFrom(...directors), async (stage, director) => {
        const choice = await director.next(context(stage));
        if (choice.kind !== 'next') return choice.kind === 'end';
        expect(stage.onStage).toContain(choice.chosen);
        const last = stage.turns.at(-1)?.who;
        const others = stage.onStage.filter((name) => name !== last);
        const mayOthers = others.some((name) => !stage.resting.includes(name));
        if (mayOthers) expect(choice.chosen).not.toBe(last);
        expect(choice.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        return choice.candidates.includes(choice.chosen);
      }),
      { numRuns: 10_000 },
    );
  });

  it.each(directors)('takes the same whatever the order of its lists (%#)', async (director) => {
    const [there, back] = [[...names], [...names].reverse()];
    const given = { turns: said('IVO', 'PETRA', 'IVO'), resting: [] };
    const maps = (order: string[]) => ({
      onStage: order,
      entered: new Map(order.map((name) => [name, name.length % 4])),
      nudges: new Map(order.map((name) => [name, name.length / 10])),
    });
    expect(await director.next(context({ ...given, ...maps(back) }))).toEqual(
      await director.next(context({ ...given, ...maps(there) })),
    );
  });

  it('lets nobody speak who is off stage, and everybody who came on, over 10,000 scenes that people leave', async () => {
    const step = fc.record({
      onStage: fc.subarray(names, { minLength: 2 }),
      text: fc.constantFrom('Oswin!', 'Petra, Petra.', 'What?'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 4 }),
        fc.nat(),
        fc.constantFrom(...directors),
        async (steps, seed, director) => {
          const turns: SaidTurn[] = [];
          for (const [turn, { onStage, text }] of steps.entries()) {
            const entered = new Map(onStage.map((name) => [name, turn]));
            const choice = await director.next(context({ turns, onStage, entered, seed, turn }));
            if (choice.kind !== 'next') return choice.kind === 'end' && choice.reason === 'silence';
            const last = turns.at(-1)?.who;
            expect(choice.candidates).toEqual(onStage.filter((name) => name !== last));
            expect(choice.candidates).toContain(choice.chosen);
            turns.push({ who: choice.chosen, text });
          }
          return turns.every(({ who }, i) => who !== turns[i - 1]?.who);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('lets who is alone speak three turns, and then ends the scene', async () => {
    for (const director of directors) {
      for (const turns of [[], said('IVO'), said('IVO', 'PETRA'), said('IVO', 'PETRA', 'PETRA')])
        expect(await director.next(context({ turns, onStage: ['PETRA'] }))).toMatchObject({
          kind: 'next',
          chosen: 'PETRA',
          probabilities: [1],
        });
      const turns = said('IVO', 'PETRA', 'PETRA', 'PETRA');
      expect(await director.next(context({ turns, onStage: ['PETRA'], turn: 5 }))).toEqual({
        kind: 'end',
        reason: 'alone',
        detail: 'PETRA is alone on stage',
      });
    }
  });

  it('passes over who rests; where all others do the last speaker goes on, and then the scene has stalled', async () => {
    const onStage = ['IVO', 'OSWIN', 'PETRA'];
    for (const director of directors) {
      const choose = (resting: string[], ...speakers: string[]) =>
        director.next(context({ turns: said(...speakers), onStage, resting, turn: 2 }));
      expect(await choose(['OSWIN'], 'PETRA')).toMatchObject({ chosen: 'IVO' });
      expect(await choose(['IVO', 'OSWIN'], 'PETRA')).toMatchObject({ chosen: 'PETRA' });
      for (const stalled of [
        choose(onStage, 'PETRA'),
        choose(['IVO', 'OSWIN'], 'PETRA', 'PETRA', 'PETRA'),
      ])
        expect(await stalled).toMatchObject({ kind: 'end', reason: 'stalled' });
    }
  });

  it('refuses an empty stage, with what to do about it', async () => {
    for (const director of directors) {
      const refusal = await director.next(context({ onStage: [] })).catch((error) => error);
      expect(refusal).toMatchObject({ code: 'NOT_ON_STAGE', message: /nobody is on stage/ });
      expect(refusal.remedy).toMatch(/come on/);
    }
  });

  it('makes way for whom a person names, and refuses who is not there', async () => {
    for (const director of [...directors, directorOf('human', { play: saltRoad })]) {
      const turns = said('IVO', 'PETRA');
      for (const named of ['MAGDA', 'PETRA'])
        expect(await director.next(context({ turns, named }))).toMatchObject({
          chosen: named,
          by: 'human',
        });
      await expect(director.next(context({ onStage: ['IVO'], named: 'MAGDA' }))).rejects.toThrow(
        'MAGDA cannot speak next: on stage is IVO',
      );
    }
  });
});

describe('A draw', () => {
  const turnModel = directorOf('turn-model', { play: saltRoad });

  it('is of the same speakers in every process', async () => {
    const orders = [];
    for (const director of directors.slice(2)) {
      const turns: SaidTurn[] = [];
      for (let turn = 0; turn < 10; turn++) {
        const { chosen } = await nextOf(director, { turns, turn });
        turns.push({ who: chosen, text: turn % 3 === 0 ? 'Is it you, Magda?' : 'It is.' });
      }
      orders.push(turns.map(({ who }) => who[0]).join(''));
    }
    expect(orders).toEqual(['OMPOPMPIOP', 'IMOPIMOPIM', 'OMOMOMOMOM', 'OMPOPMOIOP']);
  });

  it('shows what it was made from', async () => {
    const turns = [
      { who: 'IVO', text: 'Count them.' },
      { who: 'PETRA', text: 'I did. Did you see any, good Oswin?' },
    ];
    const entered = new Map([['OSWIN', 2]]);
    const event = await nextOf(turnModel, { turns, entered, onStage: ['PETRA', 'OSWIN', 'IVO'] });
    const spoken = saltRoad.cast.reduce((sum, { speeches }) => sum + speeches, 0);
    const shareOf = (name: string): number => {
      const { speeches } = saltRoad.cast.find((one) => one.name === name)!;
      const share = (speeches + 1) / (spoken + saltRoad.cast.length + 1);
      return Number(Math.log(share).toFixed(2));
    };
    const { candidates, features, scores, probabilities, drawn, chosen, by } = event;
    expect(candidates).toEqual(['IVO', 'OSWIN']);
    expect(features!.map((row) => row.map((x) => Number(x.toFixed(2))))).toEqual([
      [1, 0, 0.5, 0.5, 0, 0, 0, 1, 0, shareOf('IVO'), 0],
      [0, 1, 0, 0, 1, 1, 0, 0, 0, shareOf('OSWIN'), 0],
    ]);
    expect(scores![0]! - scores![1]!).toBeCloseTo(
      Math.log(probabilities[0]! / probabilities[1]!),
      12,
    );
    expect(drawn).toBeGreaterThanOrEqual(0);
    expect(chosen).toBe(candidates[drawn! < probabilities[0]! ? 0 : 1]);
    expect(by).toBe('turn-model');
  });

  it('takes each candidate as often as it is likely', async () => {
    const turns = said('IVO', 'PETRA', 'IVO', 'OSWIN');
    const { candidates, probabilities } = await nextOf(turnModel, { turns });
    const counts = candidates.map(() => 0);
    for (let turn = 0; turn < 2000; turn++) {
      const { chosen } = await nextOf(turnModel, { turns, turn });
      counts[candidates.indexOf(chosen)]!++;
    }
    for (const [i, count] of counts.entries())
      expect(Math.abs(count / 2000 - probabilities[i]!)).toBeLessThan(0.04);
  });

  it('makes who is nudged by a logit e times as likely, against each other', async () => {
    const turns = said('IVO', 'PETRA', 'IVO', 'PETRA', 'IVO');
    const odds = async (nudges: [string, number][]) => {
      const choice = await nextOf(turnModel, { turns, nudges: new Map(nudges) });
      const of = (name: string) => choice.probabilities[choice.candidates.indexOf(name)]!;
      return of('MAGDA') / of('PETRA');
    };
    expect((await odds([['MAGDA', 1]])) / (await odds([]))).toBeCloseTo(Math.E, 10);
  });

  it('is another where somebody let the turn pass', async () => {
    const draws = [[], ['IVO'], ['IVO', 'MAGDA']].map((resting) =>
      nextOf(turnModel, { resting, turns: [] }),
    );
    expect(new Set((await Promise.all(draws)).map(({ drawn }) => drawn)).size).toBe(3);
  });
});

/** A choice that has to be one. */
async function nextOf(director: Director, given: Partial<DirectorContext>): Promise<NextEvent> {
  const choice = await director.next(context(given));
  if (choice.kind !== 'next') throw new Error(`nobody was chosen but ${JSON.stringify(choice)}`);
  return choice;
}
