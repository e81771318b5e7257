import type { Item } from '../../measure/row.ts';
import type { Task } from '../task.ts';

/** Items asked together: each its own unit, or eight in a row. */
const itemsPerUnit = 8;

/**
 * Items in the groups they are asked in. Groups follow from the list alone: an item's neighbours in a batch are the
 * same in every run of the same command.
 */
export function unitsOf<I extends Item>(
  task: Pick<Task<I>, 'unitOf'>,
  items: readonly I[],
): readonly (readonly I[])[] {
  const units: I[][] = [];
  let key: string | undefined;
  for (const item of items) {
    const last = units.at(-1);
    const own = task.unitOf?.(item);
    const joins = own === undefined ? (last?.length ?? 0) % itemsPerUnit !== 0 : own === key;
    if (last && joins) last.push(item);
    else units.push([item]);
    key = own;
  }
  return units;
}

/** At most `limit` of the items, drawn from all over the play by their ids alone, in the order of the play. */
export function limited<I extends Item>(
  items: readonly I[],
  limit: number | undefined,
): readonly I[] {
  if (limit === undefined || items.length <= limit) return items;
  const chosen = new Set(
    [...items]
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id }) => id),
  );
  return items.filter(({ id }) => chosen.has(id));
}
