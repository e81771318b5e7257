import type { GateReport } from './gate.ts';
import { type Figure, type Slot, slotKey } from './version.ts';

interface Entry {
  /** Counts from 1 without gaps: where one is missing, a line was lost. */
  readonly number: number;
  /** ISO 8601. */
  readonly date: string;
  /** Program and version, or a person. */
  readonly by: string;
}

/** What happened to versions after they were registered: the lines of history.jsonl. */
export type HistoryEvent = Entry &
  (
    | {
        readonly kind: 'promote';
        readonly slot: Slot;
        readonly id: string;
        readonly gate: GateReport;
      }
    | {
        /** A promotion that the gate had refused. */
        readonly kind: 'force';
        readonly slot: Slot;
        readonly id: string;
        readonly gate: GateReport;
        readonly reason: string;
      }
    | {
        readonly kind: 'rollback';
        readonly slot: Slot;
        readonly from: string;
        /** Null: the base model alone. */
        readonly to: string | null;
        readonly reason: string;
      }
    | { readonly kind: 'prune'; readonly ids: readonly string[]; readonly reason: string }
    | {
        /** Figures found after the version was registered. */
        readonly kind: 'measure';
        readonly id: string;
        readonly metrics: Readonly<Record<string, Figure>>;
      }
  );

/** An event before it has a number and a date. */
export type NewEvent = HistoryEvent extends infer E
  ? E extends HistoryEvent
    ? Omit<E, 'number' | 'date'>
    : never
  : never;

interface SlotState {
  readonly slot: Slot;
  /** Ids that were promoted and not rolled back, the one in use last; never empty but after a rollback of the first. */
  readonly stack: readonly string[];
  /** Number of the last event about the slot. */
  readonly number: number;
}

/** What follows from a history: nothing else says which version is promoted. */
export interface HistoryState {
  /** By `slotKey`. */
  readonly slots: ReadonlyMap<string, SlotState>;
  /** By id, figures that were measured later; the last of a name counts. */
  readonly measured: ReadonlyMap<string, Readonly<Record<string, Figure>>>;
  /** Numbers of lines that are lost. */
  readonly lost: readonly number[];
  /** For the next event. */
  readonly nextNumber: number;
}

/** @param damaged Lines of the journal that could not be read. */
export function historyState(events: readonly HistoryEvent[], damaged: number): HistoryState {
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
