import { describe, expect, it } from 'vitest';
import { saltRoad } from '../testing/plays/salt-road.ts';
import { type DirectorContext, directorOf } from './director.ts';
import type { NextEvent, Policy } from './events.ts';
import { shippedTurnModel, turnModelHash } from './turn-model.ts';
import { whyNext } from './why-next.ts';

const ours = turnModelHash(shippedTurnModel());

async function chosenBy(policy: Policy, given: Partial<DirectorContext> = {}): Promise<NextEvent> {
  const choice = await directorOf(policy, { play: saltRoad }).next({
    turns: [
      { who: 'IVO', text: 'Count them.' },
      { who: 'PETRA', text: 'I did. What say you, Oswin?' },
    ],
    onStage: ['IVO', 'OSWIN', 'PETRA'],
    entered: new Map(),
    nudges: new Map(),
    seed: 1,
    turn: 2,
    ...given,
  });
  if (choice.kind !== 'next') throw new Error('nobody was chosen');
  return choice;
}

describe('whyNext', () => {
  it('says what each feature adds for a candidate, the largest first', async () => {
    const event = await chosenBy('turn-model');
    const [first, second] = whyNext(event, ours);
    expect(first!.name).toBe('OSWIN');
    expect(first!.probability).toBeGreaterThan(second!.probability);
    expect(first!.parts.map(({ feature }) => feature)).toContain('called by the last turn');
    const sizes = first!.parts.map(({ logits }) => Math.abs(logits));
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(whyNext(event, ours).filter(({ isChosen }) => isChosen)).toMatchObject([
      { name: event.chosen },
    ]);
    // What is left out is small: the parts make the odds.
    const sum = (parts: readonly { logits: number }[]) =>
      parts.reduce((total, { logits }) => total + logits, 0);
    const odds = Math.log(first!.probability / second!.probability);
    expect(Math.abs(sum(first!.parts) - sum(second!.parts) - odds)).toBeLessThan(0.3);
  });

  it('shows a nudge', async () => {
    const [first] = whyNext(await chosenBy('turn-model', { nudges: new Map([['IVO', 4]]) }), ours);
    expect(first).toMatchObject({ name: 'IVO' });
    expect(first!.parts.find(({ feature }) => feature === 'nudge')!.logits).toBeCloseTo(2, 10);
  });

  it('has probabilities and no parts where another policy chose, another model, or a person', async () => {
    expect(whyNext(await chosenBy('round-robin'), ours)).toEqual([
      { name: 'IVO', probability: 1, isChosen: true, parts: [] },
      { name: 'OSWIN', probability: 0, isChosen: false, parts: [] },
    ]);
    const other = whyNext(await chosenBy('turn-model'), 'another');
    expect(other.flatMap(({ parts }) => parts)).toEqual([]);
    expect(whyNext(await chosenBy('turn-model', { named: 'PETRA' }), ours)[0]).toMatchObject({
      name: 'PETRA',
      parts: [],
    });
  });
});
