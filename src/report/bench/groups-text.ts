import type { TaskResult } from '../../eval/results.ts';
import type { Row } from '../../measure/row.ts';
import { missing, shownEstimate } from './number.ts';
import { textRow } from './text-row.ts';

/** Columns: a name, and two figures with their intervals. */
const widths = [22, 24, 24];
/** Answers that are shown with what was wrong; the rest is in the file of rows. */
const mostShown = 12;

/** A task that tells its figures for groups: each figure, each row's first figure, and the first two of each group. */
export function groupsText({ task, metrics, groups }: TaskResult): string {
  if (!groups) return '';
  const [first, second] = metrics;
  const line = (...cells: readonly string[]): string => `  ${textRow(cells, widths).trimEnd()}`;
  return [
    `${task}: every figure`,
    ...metrics.map(({ metric, unit, rows }) => line(metric, shownEstimate(rows.subject, unit))),
    '',
    `${task}: ${first!.metric}, row by row`,
    ...Object.entries(first!.rows).map(([row, of]) => line(row, shownEstimate(of, first!.unit))),
    '',
    `${task}: ${[first, second].map((one) => one?.metric).join(' and ')} of each`,
    ...Object.entries(groups).flatMap(([group, figures]) => {
      const shown = [first, second].flatMap((one) =>
        one ? shownEstimate(figures[one.metric], one.unit) : [],
      );
      return shown.every((figure) => figure === missing) ? [] : line(group, ...shown);
    }),
  ].join('\n');
}

/** Answers that are not as they should be: what was asked, what was said, and what would have been right. */
export function wrongText(rows: readonly Row[]): string {
  const wrong = rows.flatMap(({ why }) => (why && !why.isRight ? [why] : []));
  if (wrong.length === 0) return '';
  const left = wrong.length - mostShown;
  return [
    `Not right: ${wrong.length} of ${rows.length} answers`,
    ...wrong
      .slice(0, mostShown)
      .flatMap(({ question, verdict, said, right, faults = [] }) => [
        `  ${question} (${[verdict, ...faults].join(', ')}${right === undefined ? '' : `; right: ${right}`})`,
        `    ${said.replace(/\s+/g, ' ').trim() || '–'}`,
      ]),
    ...(left > 0 ? [`  and ${left} more: --json FILE writes all of them to FILE.rows.jsonl`] : []),
  ].join('\n');
}
