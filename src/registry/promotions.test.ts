import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from './history-event.ts';
import { promotionsOf } from './promotions.ts';
import { type Slot, slotKey } from './version.ts';

const mira: Slot = { play: 'salt-road', character: 'MIRA', base: 'b', form: 'script' };
const odo: Slot = { ...mira, character: 'ODO' };
const gate = { passes: true, checks: [] };

/** Promotions are positive numbers, rollbacks 0. */
function eventsOf(steps: readonly (readonly [slot: Slot, id: number])[]): HistoryEvent[] {
  return steps.map(([slot, id], i) => {
    const entry = { number: i + 1, date: '', by: '', slot };
    return id > 0
      ? { ...entry, kind: 'promote', id: `v${id}`, gate }
      : { ...entry, kind: 'rollback', from: '', to: null, reason: '' };
  });
}

const anySteps = fc.array(fc.tuple(fc.constantFrom(mira, odo), fc.nat(3)), { maxLength: 30 });

describe('promotionsOf', () => {
  it('is a pile for each slot', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const state = promotionsOf(eventsOf(steps), 0);
        for (const slot of [mira, odo]) {
          const pile: string[] = [];
          for (const [of, id] of steps) {
            if (of !== slot) continue;
            if (id > 0) pile.push(`v${id}`);
            else pile.pop();
          }
          expect(state.slots.get(slotKey(slot))?.stack ?? []).toEqual(pile);
        }
        expect(state).toMatchObject({ lost: [], nextNumber: steps.length + 1 });
      }),
    );
  });

  it('knows which lines are lost, and never gives a number twice', () => {
    fc.assert(
      fc.property(anySteps, fc.infiniteStream(fc.boolean()), (steps, coin) => {
        const events = eventsOf(steps);
        const kept = events.filter(() => coin.next().value);
        const lost = events.filter((event) => !kept.includes(event)).map(({ number }) => number);
        const state = promotionsOf(kept, lost.length);
        expect(state.lost).toEqual(lost);
        expect(state.nextNumber).toBe(events.length + 1);
      }),
    );
  });

  it('takes pruned versions off the piles, and the last figure of a name', () => {
    const prune = { number: 4, date: '', by: '', kind: 'prune', ids: ['v1'], reason: '' } as const;
    const events = eventsOf([
      [mira, 1],
      [mira, 2],
      [odo, 1],
    ]);
    const { slots } = promotionsOf([...events, prune], 0);
    expect(slots.get(slotKey(mira))!.stack).toEqual(['v2']);
    expect(slots.get(slotKey(odo))!.stack).toEqual([]);
    const figure = (value: number) => ({ value, low: 0, high: 1, n: 2 });
    const measure = { number: 1, date: '', by: '', kind: 'measure', id: 'v1' } as const;
    const { measured } = promotionsOf(
      [
        { ...measure, metrics: { a: figure(1), b: figure(2) } },
        { ...measure, number: 2, metrics: { a: figure(3) } },
      ],
      0,
    );
    expect(measured.get('v1')).toEqual({ a: figure(3), b: figure(2) });
  });
});
