import type { Source } from '../../corpus/source.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import type { Item, Row } from '../../measure/row.ts';
import type { Task } from '../task.ts';

/** The items of a task that are in a part. */
export function itemsIn<I extends Item>(task: Task<I>, source: Source, part: SplitPart): I[] {
  return task.items(source).filter(({ scene }) => source.split.partOf(scene) === part);
}

/** What a runner makes of an anchor that asks nobody; "original" of a task without requests is its items as they are. */
export function anchorRows<I extends Item>(
  task: Task<I>,
  items: readonly I[],
  name: string,
): Row<I>[] {
  const anchor = task.anchors.find((one) => one.name === name);
  return items.map((item) => {
    const answers = anchor?.answers?.(item) ?? [];
    return { item, answers, values: anchor?.values?.(item) ?? task.measure(item, answers) };
  });
}

/** A metric over rows: its own figure, or the mean of its values. */
export function figure<I extends Item>(
  task: Task<I>,
  metric: string,
  rows: readonly Row<I>[],
): number {
  const found = task.metrics.find(({ name }) => name === metric);
  if (!found) throw new RangeError(`${task.name} has no metric ${metric}`);
  if (found.of) return found.of(rows);
  const values = rows.flatMap(({ values: of }) => of[metric] ?? []);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
