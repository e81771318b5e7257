import type { HistoryEvent } from './history-event.ts';
import { type Figure, type Figures, type Slot, slotKey } from './version.ts';

export interface SlotState {
  readonly slot: Slot;
  /** Ids that were promoted and not rolled back, the one in use last; never empty but after a rollback of the first. */
  readonly stack: readonly string[];
  /** Number of the last event about the slot. */
  readonly number: number;
}

/** What follows from a history: nothing else says which version is promoted. */
export interface Promotions {
  /** By `slotKey`. */
  readonly slots: ReadonlyMap<string, SlotState>;
  /** By id, figures that were measured later; the last of a name counts. */
  readonly measured: ReadonlyMap<string, Figures>;
  /** Numbers of lines that are lost. */
  readonly lost: readonly number[];
  /** For the next event. */
  readonly nextNumber: number;
}

/** @param damaged Lines of the journal that could not be read. */
export function promotionsOf(events: readonly HistoryEvent[], damaged: number): Promotions {
  const slots = new Map<string, SlotState>();
  const measured = new Map<string, Record<string, Figure>>();
  for (const event of events) {
    switch (event.kind) {
      case 'promote':
      case 'force':
        change(event.slot, event.number, (stack) => [...stack, event.id]);
        break;
      case 'rollback':
        change(event.slot, event.number, (stack) => stack.slice(0, -1));
        break;
      case 'prune':
        for (const { slot, stack, number } of slots.values()) {
          change(slot, number, () => stack.filter((id) => !event.ids.includes(id)));
        }
        break;
      case 'measure':
        measured.set(event.id, { ...measured.get(event.id), ...event.metrics });
        break;
    }
  }
  function change(
    slot: Slot,
    number: number,
    next: (stack: readonly string[]) => readonly string[],
  ) {
    const key = slotKey(slot);
    slots.set(key, { slot, number, stack: next(slots.get(key)?.stack ?? []) });
  }
  const numbers = new Set(events.map(({ number }) => number));
  // A damaged last line leaves no gap before another: it is counted, not seen.
  const last = Math.max(0, ...numbers, numbers.size + damaged);
  const all = Array.from({ length: last }, (_, i) => i + 1);
  const lost = all.filter((number) => !numbers.has(number));
  return { slots, measured, lost, nextNumber: last + 1 };
}

/** Whether an entry was lost after the last one about the slot: it may have been about it too. */
export function isUncertain({ slots, lost }: Promotions, slot: Slot): boolean {
  const known = slots.get(slotKey(slot))?.number ?? 0;
  return lost.some((number) => number > known);
}
