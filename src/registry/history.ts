import { join } from 'node:path';
import { DramatisError } from '../errors.ts';
import type { Disk } from '../store/disk.ts';
import { Journal, type JournalFault } from '../store/journal.ts';
import type { HistoryEvent, NewEvent } from './history-event.ts';
import { isUncertain, type Promotions, promotionsOf } from './promotions.ts';
import { type Slot, slotKey } from './version.ts';

/** Who writes may be one of many: training jobs of a cluster that end together. */
export const lockOptions = { timeoutMs: 60_000 };

export interface WhatHappened {
  readonly events: HistoryEvent[];
  /** Lines that could not be read. */
  readonly faults: JournalFault[];
}

/**
 * Everything that happened in a registry, oldest first: promotions, rollbacks, figures found later.
 *
 * Nothing is cached: what another process wrote is seen by the next call.
 */
export class History {
  readonly path: string;
  readonly #journal: Journal<HistoryEvent>;

  constructor(folder: string, disk: Disk) {
    this.path = join(folder, 'history.jsonl');
    this.#journal = new Journal(this.path, { disk });
  }

  async read(): Promise<WhatHappened> {
    const { records, faults } = await this.#journal.read();
    return { events: records, faults };
  }

  /** What is promoted now, and which entries are lost. */
  async promotions(): Promise<Promotions> {
    const { events, faults } = await this.read();
    // A torn last line was never acknowledged; a damaged one was.
    return promotionsOf(events, faults.filter(({ kind }) => kind === 'damaged').length);
  }

  /** Adds an event, under the registry's lock and with promotions read under it: events are numbered without gaps. */
  async append({ nextNumber }: Promotions, event: NewEvent): Promise<void> {
    const date = new Date().toISOString();
    await this.#journal.append({ number: nextNumber, date, ...event }, lockOptions);
  }

  /**
   * Ids that were promoted for a slot and not rolled back, the one in use last.
   *
   * @throws {DramatisError} STORE_DAMAGED if a lost entry may have been about the slot.
   */
  stackOf(promotions: Promotions, slot: Slot): readonly string[] {
    if (isUncertain(promotions, slot)) throw this.damaged(promotions.lost);
    return promotions.slots.get(slotKey(slot))?.stack ?? [];
  }

  damaged(lost: readonly number[]): DramatisError {
    const what = lost.length === 1 ? `entry ${lost[0]} is` : `entries ${lost.join(', ')} are`;
    const message = `${this.path}: ${what} damaged, so what is promoted is not certain`;
    return new DramatisError('STORE_DAMAGED', message, {
      remedy: 'Run "dramatis adapters promote ID" for the version that you want.',
    });
  }
}
