import type { Results } from '../../eval/results.ts';
import { missing, shown, shownEstimate, shownInterval } from './number.ts';
import { askedTasks, headlineOf, playAlone } from './run.ts';
import { fitted, textRow, wrapped } from './text-row.ts';
import { verdictInShort } from './verdict.ts';
import { warnings } from './warnings.ts';

/** Widths of the columns, figures to the right. */
const widths = [9, 17, -6, -16, -6, -6];

/** One run as lines of at most 80 columns for a terminal: the first figure of each task, and what to make of it. */
export function benchText(results: Results): string {
  const { subject, character, play, split, exposure } = results;
  return [
    ...wrapped(`${subject.model} as ${character ?? 'everybody'} of ${play.title}, ${split} scenes`),
    '',
    textRow(['task', 'metric', 'score', '95 % interval', 'base', 'floor', 'verdict'], widths),
    ...askedTasks([{ results }]).map((task) => {
      const { metric } = headlineOf({ results }, task)!;
      const { rows, unit } = metric;
      return textRow(
        [
          task,
          metric.metric,
          shown(rows.subject?.value, unit),
          shownInterval(rows.subject, unit) || missing,
          shown(rows.base?.value, unit),
          shown(metric.floor, unit),
          verdictInShort(metric),
        ],
        widths,
      );
    }),
    '',
    ...wrapped(playAlone([{ results }])),
    ...warnings(results).flatMap((sentence) => wrapped(`! ${sentence}`)),
    ...wrapped(known(exposure)),
  ]
    .map(fitted)
    .join('\n')
    .trimEnd();
}

function known(exposure: Results['exposure']): string {
  const measures = Object.entries(exposure).map(
    ([name, estimate]) => `${name} ${shownEstimate(estimate, 'share')}`,
  );
  return measures.length > 0
    ? `The base model knows the text from before: ${measures.join(', ')}`
    : '';
}
