import { type Comparison, type MetricComparison, significance } from '../../eval/run/compare.ts';
import { isFromFew, isKnown, missing, shown, shownInterval, shownSigned } from './number.ts';
import { fitted, textRow, wrapped } from './text-row.ts';

/** Widths of the columns, figures to the right. */
const widths = [9, 17, -6, -6, -6, -16];

/**
 * Two runs set against each other, as lines of at most 80 columns: the first figure of each task, what is significant,
 * and what would have been.
 */
export function comparisonText(comparison: Comparison): string {
  const heads = comparison.tasks.flatMap(({ task, metrics }) => {
    const metric = metrics[0];
    return metric ? [{ task, metric }] : [];
  });
  return [
    textRow(['task', 'metric', 'first', 'second', 'differ', '95 % interval', 'verdict'], widths),
    ...heads.map(({ task, metric }) => {
      const { unit, first, second, difference, verdict, scenes: clusters } = metric;
      return textRow(
        [
          task,
          metric.metric,
          shown(first.value, unit),
          shown(second.value, unit),
          shownSigned(difference.value, unit),
          shownInterval({ ...difference, clusters }, unit) || missing,
          verdict,
        ],
        widths,
      );
    }),
    '',
    ...heads.flatMap(({ task, metric }) => doubts(task, metric)).flatMap(wrapped),
    ...tooFew(heads.map(({ metric }) => metric)),
    ...only('first', comparison.onlyFirst),
    ...only('second', comparison.onlySecond),
  ]
    .map(fitted)
    .join('\n')
    .trimEnd();
}

function doubts(task: string, { verdict, difference, unit, items, scenes }: MetricComparison) {
  if (verdict !== 'cannot tell') return [];
  const inScenes = `${scenes} ${scenes === 1 ? 'scene' : 'scenes'}`;
  const on = `${items} items in ${inScenes}`;
  if (isFromFew(scenes) || (unit === 'share' && difference.detectable > 1))
    return [`${task}: nothing could be seen with ${inScenes}`];
  if (!isKnown(difference.detectable)) return [];
  return [`${task}: ${on} mostly show a difference from ${shown(difference.detectable, unit)} on`];
}

function tooFew(metrics: readonly MetricComparison[]): string[] {
  const least = Math.min(...metrics.map(({ leastP }) => leastP)) * metrics.length;
  if (metrics.length === 0 || least < significance) return [];
  return [`With so few scenes no difference can be told after Holm over ${metrics.length} tasks.`];
}

const only = (which: string, tasks: readonly string[]): string[] =>
  tasks.length > 0 ? wrapped(`Only in the ${which}: ${tasks.join(', ')}`) : [];
