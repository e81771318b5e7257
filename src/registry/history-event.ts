import type { GateReport } from './promotion-gate.ts';
import type { Figures, Slot } from './version.ts';

export interface HistoryEntry {
  /** Counts from 1 without gaps: where one is missing, a line was lost. */
  readonly number: number;
  /** ISO 8601. */
  readonly date: string;
  /** Program and version, or a person. */
  readonly by: string;
}

/** What happened to versions after they were registered: the lines of history.jsonl. */
export type HistoryEvent = HistoryEntry &
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
        readonly metrics: Figures;
      }
  );

/** An event before it has a number and a date. */
export type NewEvent = HistoryEvent extends infer E
  ? E extends HistoryEvent
    ? Omit<E, 'number' | 'date'>
    : never
  : never;
