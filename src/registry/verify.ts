import { join } from 'node:path';
import type { JournalFault } from '../store/journal.ts';
import { promotionsOf } from './promotions.ts';
import { idsInUse } from './retention.ts';
import type { Damage } from './stored-version.ts';
import type { Stores } from './stores.ts';

export interface Verified {
  /** Versions that were read. */
  readonly checked: number;
  readonly damage: readonly Damage[];
  /** Lines of the history that could not be read. */
  readonly faults: readonly JournalFault[];
}

/** Reads every file of a registry again, and names those that are not what was written, or missing. */
export async function verify({ folder, versions, history }: Stores): Promise<Verified> {
  const { ids, damage } = await versions.verify();
  const { events, faults } = await history.read();
  const missing = [...idsInUse(promotionsOf(events, 0))].filter((id) => !ids.includes(id));
  const gone = missing.map((id) => ({
    path: join(folder, id),
    fault: 'it is missing, and promoted',
  }));
  return { checked: ids.length, damage: [...damage, ...gone], faults };
}
