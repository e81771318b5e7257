import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { type DirectorContext, directorOf } from './director.ts';

const names = ['IVO', 'MAGDA', 'OSWIN', 'PETRA'];
const scorer = async (_: DirectorContext, candidates: readonly string[]) =>
  candidates.map((name) => (name.length % 3) - 1);
const directors = (['turn-model', 'silence', 'model', 'round-robin', 'aba', 'random'] as const).map(
  (policy) => directorOf(policy, { play: saltRoad, scorer }),
);

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
});
