import { fitted, textRow, wrapped } from '../../report/bench/text-row.ts';
import type { TaskCost } from '../../sweep/cost/task-cost.ts';
import type { Sweep } from '../../sweep/manifest.ts';
import type { TaskStatus } from '../../sweep/sweep-status.ts';

const widths = [56, -8, 13];

type Costs = ReadonlyMap<string, TaskCost>;

/** What each task costs, and all of them. */
export function costText({ manifest: { tasks } }: Pick<Sweep, 'manifest'>, costs: Costs): string {
  const all = tasks.map(({ id }) => costs.get(id)?.minutes ?? 0);
  const isAssumed = tasks.some(({ id }) => costs.get(id)?.basis === 'assumed');
  return [
    textRow(['task', 'minutes', ''], widths),
    ...tasks.map(({ id, label }) => {
      const { minutes = 0, basis = 'assumed' } = costs.get(id) ?? {};
      return textRow([label, minutes.toFixed(1), basis], widths);
    }),
    textRow([`${tasks.length} tasks, one after another`, sum(all).toFixed(1), ''], widths),
    ...(isAssumed ? wrapped(assumption) : []),
  ]
    .map(fitted)
    .join('\n');
}

const assumption =
  'Assumed: the rates of SmolLM2-135M on two cores, for so many items, words and turns as there are, times (parameters / 135 million) to the power of 0.8; once a task is done, its like is taken from it.';

/** Minutes of what is not done. */
export function minutesLeft(statuses: readonly TaskStatus[], costs: Costs): number {
  const left = statuses.filter(({ state }) => state !== 'done');
  return sum(left.map(({ task }) => costs.get(task.id)?.minutes ?? 0));
}

/** Such as "some 12 minutes are left, one task after another". */
export function leftText(statuses: readonly TaskStatus[], costs: Costs): string {
  const minutes = minutesLeft(statuses, costs);
  if (minutes === 0) return 'Everything is done: "dramatis report FOLDER" makes the report.';
  return `Some ${Math.max(1, Math.round(minutes))} minutes are left, one task after another.`;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
