import type { Results } from '../eval/results.ts';
import { missing, shown, shownEstimate, shownInterval } from './bench-number.ts';
import { verdictInShort } from './bench-verdict.ts';

/** Columns of the terminal it fits. */
const columns = 80;

/** One run as lines of at most 80 columns for a terminal: the first figure of each task, and what to make of it. */
export function benchText(results: Results): string {
  const { subject, character, play, split, exposure } = results;
  const exposures = Object.entries(exposure).map(
    ([name, estimate]) => `${name} ${shownEstimate(estimate, 'share')}`,
  );
  return [
    `${subject.model} as ${character ?? 'everybody'} of ${play.title}, ${split} scenes`,
    '',
    line(['task', 'metric', 'score', '95 % interval', 'base', 'floor', 'verdict']),
    ...results.tasks.flatMap(({ task, metrics }) => {
      const metric = metrics[0];
      if (!metric) return [];
      const { rows, unit } = metric;
      return line([
        task,
        metric.metric,
        shown(rows.subject?.value, unit),
        shownInterval(rows.subject, unit) || missing,
        shown(rows.base?.value, unit),
        shown(metric.floor, unit),
        verdictInShort(metric),
      ]);
    }),
    '',
    ...results.tasks.flatMap(({ task, broken }) =>
      broken.map((sentence) => `! ${task}: ${sentence}`),
    ),
    ...(exposures.length > 0 ? [`How well the base model knows the text: ${exposures[0]}`] : []),
    ...exposures.slice(1).map((text) => `  ${text}`),
  ]
    .map(fitted)
    .join('\n');
}

/** Widths of the columns, figures to the right. */
const widths = [9, 17, -6, -16, -6, -6];

function line(cells: readonly string[]): string {
  return cells
    .map((cell, i) => {
      const width = widths[i];
      if (width === undefined) return cell;
      return width < 0 ? cell.padStart(-width) : shortened(cell, width).padEnd(width);
    })
    .join(' ');
}

const shortened = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, width - 1)}…` : text;

const fitted = (text: string): string => shortened(text, columns).trimEnd();
