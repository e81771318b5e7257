import { shown } from '../../report/bench/number.ts';
import { fitted, textRow, wrapped } from '../../report/bench/text-row.ts';
import type { AskedPower } from '../../sweep/cost/study-power.ts';
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

/** Widths of the columns of what could be shown, figures to the right. */
const powerWidths = [10, 24, -10, -6, -6, -16];

/** What difference each task of a study could show, in eighty columns. */
export function studyPowerText(asked: readonly AskedPower[]): string {
  const isTold = ({ least }: AskedPower): boolean => least <= 1;
  return [
    textRow(['task', 'model', 'characters', 'scenes', 'items', 'least difference'], powerWidths),
    ...asked.map((one) => {
      const { task, model, characters, scenes, items, least } = one;
      const figure = isTold(one) ? shown(least, '') : 'none';
      const counts = [characters, scenes, items].map(String);
      return textRow([task, model.replace(/^.*[/\\]/, ''), ...counts, figure], powerWidths);
    }),
    ...wrapped(powerMeaning),
  ]
    .map(fitted)
    .join('\n');
}

const powerMeaning =
  'The least difference between two recipes of a model, as a share from 0 to 1, that 80 of 100 such studies would show; "none": too few scenes to show any. Recipes are taken to answer alike with a correlation of 0.9, and the spread of most tasks is assumed ("dramatis eval power"). Figures that are no share, such as bits, have no such scale.';

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
