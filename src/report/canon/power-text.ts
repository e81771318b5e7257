import type { PlannedTask } from '../../workspace/plan-power.ts';
import { isKnown, missing, shown } from '../bench/number.ts';
import { fitted, textRow, wrapped } from '../bench/text-row.ts';

/** Widths of the columns, figures to the right. */
const widths = [10, -6, -6, -5, -6, -7, -11, -11];

/** What runs could tell, as lines of at most 80 columns: a table, then a sentence for each task in plain words. */
export function powerText(tasks: readonly PlannedTask[]): string {
  const asked = tasks.filter(({ items }) => items > 0);
  const without = tasks.filter(({ items }) => items === 0).map(({ task }) => task);
  return [
    textRow(
      ['task', 'items', 'scenes', 'plays', 'worth', '± SE', 'off floor', 'two models'],
      widths,
    ),
    ...asked.map((one) => {
      const { task, items, scenes, plays, nEff, stderr, fromFloor, fromModel, unit } = one;
      const count = (value: number): string => value.toFixed(0);
      const least = (value: number): string =>
        isKnown(value) && value <= reachOf(one) ? shown(value, unit) : missing;
      return textRow(
        [
          ...[task, count(items), count(scenes), count(plays), count(nEff), shown(stderr, unit)],
          ...[least(fromFloor), least(fromModel)],
        ],
        widths,
      );
    }),
    '',
    ...asked.map(toldOf).flatMap(wrapped),
    ...(without.length > 0 ? wrapped(`Nothing to ask there: ${without.join(', ')}.`) : []),
  ]
    .map(fitted)
    .join('\n')
    .trimEnd();
}

/** How far a figure can lie from its floor. */
function reachOf({ floor, ceiling }: PlannedTask): number {
  return (ceiling ?? 1) - (floor ?? 0);
}

function toldOf(one: PlannedTask): string {
  const { task, metric, unit, floor, clusters, plays, fromFloor, fromModel, spread } = one;
  const by = plays > 1 ? `${clusters} plays` : `${clusters} ${clusters === 1 ? 'scene' : 'scenes'}`;
  if (!isKnown(fromFloor) || Math.min(fromFloor, fromModel) > reachOf(one))
    return `${task}: nothing could be seen with ${by}. Ask about more scenes (--split all) or plays (--canon).`;
  const past =
    floor === null || fromFloor > reachOf(one)
      ? ''
      : `${metric} of ${shown(floor + fromFloor, unit)} or more is mostly seen to be past the floor of ${shown(floor, unit)}, `;
  const guess = spread.isMeasured ? '' : ' (how its items spread is assumed)';
  return `${task}, ${by}: ${past}a difference between two models from ${shown(fromModel, unit)} on${guess}.`;
}
