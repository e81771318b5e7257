import type { Promotions } from './promotions.ts';
import { damagedVersion } from './stored-version.ts';
import type { Stores } from './stores.ts';
import { type AdapterVersion, slotKey, slotOf } from './version.ts';

/** Ids that are promoted, and those that one rollback goes back to. */
export function idsInUse({ slots }: Promotions): Set<string> {
  return new Set([...slots.values()].flatMap(({ stack }) => stack.slice(-2)));
}

/**
 * The versions that may be deleted: all but the newest `keep` of each slot, those in use, and the play adapters under any
 * of these.
 *
 * @param versions All there are, the newest first.
 */
function deletable(
  versions: readonly AdapterVersion[],
  promotions: Promotions,
  keep: number,
): AdapterVersion[] {
  const kept = idsInUse(promotions);
  const newest = new Map<string, number>();
  for (const version of versions) {
    const key = slotKey(slotOf(version));
    const nth = newest.get(key) ?? 0;
    newest.set(key, nth + 1);
    if (nth < keep) kept.add(version.id);
  }
  for (const { id, on } of versions) if (kept.has(id) && on !== undefined) kept.add(on);
  return versions.filter(({ id }) => !kept.has(id));
}

/**
 * Finds the versions that may be deleted.
 *
 * @throws {DramatisError} STORE_DAMAGED if a record or the history is, so that it is not known what is needed.
 */
export async function prunable(
  { versions: store, history }: Stores,
  keep: number,
): Promise<AdapterVersion[]> {
  if (!Number.isInteger(keep) || keep < 0) throw new RangeError(`keep is ${keep}, not a count`);
  const { versions, damage } = await store.list();
  if (damage[0] !== undefined) throw damagedVersion(damage[0]); // what it builds on must not go
  const promotions = await history.promotions();
  if (promotions.lost.length > 0) throw history.damaged(promotions.lost);
  return deletable(versions, promotions, keep);
}

/** Deletes what `prunable` finds, and returns it. */
export function prune(
  stores: Stores,
  { keep, by }: { readonly keep: number; readonly by: string },
): Promise<AdapterVersion[]> {
  return stores.locked(async () => {
    const gone = await prunable(stores, keep);
    if (gone.length === 0) return gone;
    const ids = gone.map(({ id }) => id);
    const reason = `the newest ${keep} of each are kept`;
    const promotions = await stores.history.promotions();
    await stores.history.append(promotions, { kind: 'prune', ids, reason, by });
    for (const id of ids) await stores.versions.remove(id);
    return gone;
  });
}
