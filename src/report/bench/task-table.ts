import type { MetricResult, TaskResult } from '../../eval/results.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import {
  isKnown,
  missing,
  shown,
  shownInterval,
  shownP,
  shownRange,
  shownSigned,
} from './number.ts';
import { figure, table } from './table.ts';

/** Every metric and every row of one task: what anybody needs to argue with the first table. */
export function taskTable({ metrics }: TaskResult): string {
  const rows = metrics.flatMap(({ rows: of }) => Object.values(of));
  const empty = rows.filter(({ value }) => !isKnown(value)).length;
  if (empty === rows.length) return note('Nothing of it could be measured on these scenes.');
  const left = empty === 1 ? '1 row that has' : `${empty} rows that have`;
  const hidden = empty === 0 ? '' : note(`Left out: ${left} no figure on these scenes.`);
  return `${knownRows(metrics)}${hidden}`;
}

const note = (text: string): string => `<p class="note">${escapeMarkup(text)}</p>`;

/** A difference's interval is no better known than the scenes its row has. */
function intervalOf(
  difference: MetricResult['differences'][string] | undefined,
  { clusters }: MetricResult['rows'][string],
  unit: string,
): string {
  return shownInterval(difference && { ...difference, clusters }, unit) || missing;
}

function knownRows(metrics: readonly MetricResult[]): string {
  const heads = ['metric', 'row', 'value', '95 % interval', 'interval by'];
  return table(
    [...heads, 'n', 'n eff', 'scenes', 'subject minus it', '95 % interval', 'p', 'p (Holm)'],
    metrics.flatMap((metric) => {
      const known = Object.entries(metric.rows).filter(([, { value }]) => isKnown(value));
      return known.map(([row, estimate], i) => {
        const difference = metric.differences[row];
        return [
          i === 0 ? metricTitle(metric) : '',
          row,
          figure(shown(estimate.value, metric.unit)),
          figure(shownInterval(estimate, metric.unit) || missing),
          estimate.method.replace('scene-clustered ', ''),
          figure(shownRange([estimate.n])),
          figure(shownRange([estimate.nEff])),
          figure(shownRange([estimate.clusters])),
          figure(shownSigned(difference?.value, metric.unit)),
          figure(intervalOf(difference, estimate, metric.unit)),
          figure(shownP(difference?.p)),
          figure(shownP(difference?.pHolm)),
        ];
      });
    }),
  );
}

/** "accuracy ↑", "bits per byte ↓ (bits per byte)": which way is better, and the unit where the name does not say it. */
export function metricTitle({ metric, unit, higherIsBetter }: MetricResult): string {
  const arrow = higherIsBetter === null ? '↔' : higherIsBetter ? '↑' : '↓';
  return unit === 'share' || metric.includes(unit)
    ? `${metric}\u00a0${arrow}`
    : `${metric}, ${unit}\u00a0${arrow}`;
}
