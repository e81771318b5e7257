import type { Results } from '../../eval/results.ts';
import { significance } from '../../eval/run/compare.ts';
import { leastP } from '../../measure/statistics/scene-swap.ts';
import { isFromFew, isKnown } from './number.ts';
import { headlines } from './run.ts';

/** What a reader must know before believing a figure of this run. */
export function warnings(results: Results): string[] {
  const broken = results.tasks.flatMap(({ task, broken: found }) =>
    found.map((sentence) => `${task}: ${sentence}`),
  );
  const few = results.tasks.flatMap(({ task, metrics }) => {
    return isFromFew(metrics[0]?.rows.subject?.clusters) ? [task] : [];
  });
  return [
    ...broken.map((sentence) => `Out of order, so do not trust this task. ${sentence}`),
    ...(few.length > 0
      ? [
          `Items from one or two scenes only, so no interval: ${few.join(', ')}. More scenes (--folds 5, --split all) would give one.`,
        ]
      : []),
    ...tooFewScenes(results),
    ...(results.limit === null
      ? []
      : [`At most ${results.limit} items a task were asked: a trial, not a result.`]),
  ];
}

/** So few scenes that no difference, however clear, could be told: a limit of the items, which no model changes. */
function tooFewScenes(results: Results): string[] {
  const tested = headlines({ results }).filter(({ metric }) => isKnown(metric.differences.base?.p));
  const counts = tested.map(({ metric }) => metric.rows.subject?.clusters).filter(isKnown);
  if (counts.length === 0) return [];
  const single = Math.min(...counts.map(leastP));
  const least = single * tested.length;
  if (least < significance) return [];
  return [
    `With ${Math.max(...counts)} scenes no p is under ${single.toFixed(3)}, which after Holm over ${tested.length} tasks is ${Math.min(1, least).toFixed(2)}: no difference can be told, however large. Fewer tasks or more scenes (cross-fitting) would.`,
  ];
}
