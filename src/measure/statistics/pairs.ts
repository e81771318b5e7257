import type { Metric } from '../metric.ts';
import type { Item, Row } from '../row.ts';
import { measured } from './measured.ts';
import { byScene } from './scenes.ts';

/**
 * Those of `rows` whose items `others` has too; the very same array where that is all of them.
 *
 * @throws {RangeError} If an item comes twice in `others`.
 */
export function alsoIn<I extends Item>(
  others: readonly Row<I>[],
  rows: readonly Row<I>[],
): readonly Row<I>[] {
  const known = new Set(others.map(({ item }) => item.id));
  if (known.size < others.length)
    throw new RangeError(`${others.length} rows are of ${known.size} items; one of each is wanted`);
  return rows.every(({ item }) => known.has(item.id))
    ? rows
    : rows.filter(({ item }) => known.has(item.id));
}

/** What each item has more in `rowsA` than in `rowsB`, scene by scene; items without a value in both are left out. */
export function pairedDifferences<I extends Item>(
  metric: Metric<I>,
  rowsA: readonly Row<I>[],
  rowsB: readonly Row<I>[],
): number[][] {
  const [a, b] = [alsoIn(rowsB, rowsA), alsoIn(rowsA, rowsB)];
  const inB = new Map(b.map((row) => [row.item.id, measured(metric, row)]));
  const pairs = a.flatMap((row) => {
    const [own, other] = [measured(metric, row), inB.get(row.item.id)];
    return own === undefined || other === undefined ? [] : { item: row.item, more: own - other };
  });
  return byScene(pairs).map((scene) => scene.map(({ more }) => more));
}
