import { isKnown } from './bench-number.ts';
import { headlines, type MarkedRun } from './bench-run.ts';
import { verdictTable } from './bench-score-tables.ts';
import { findings } from './bench-verdict.ts';
import { escapeHtml } from './html.ts';

/** What the runs tell, and what they cannot, after what one must know before believing it. */
export function toldHtml(runs: readonly MarkedRun[]): string {
  const [first, ...others] = runs;
  if (!first) return '';
  const doubts = others.length === 0 ? warnings(first) : runs.flatMap(letteredWarnings);
  const before = doubts.length > 0 ? `<div class="warning">${list(doubts)}</div>\n` : '';
  return before + (others.length === 0 ? sentences(first) : verdictTable(runs));
}

function sentences(run: MarkedRun): string {
  const found = headlines(run).flatMap((headline) => findings(headline));
  const column = (heading: string, isTold: boolean) => {
    const texts = found.filter((finding) => finding.isTold === isTold).map(({ text }) => text);
    return `<div><h4>${heading}</h4>${list(texts)}</div>`;
  };
  return `<div class="told">${column('Can be told', true)}${column('Cannot be told', false)}</div>`;
}

const letteredWarnings = (run: MarkedRun): string[] =>
  warnings(run).map((sentence) => `${run.letter}: ${sentence}`);

/** What a reader must know before believing a figure of this run. */
function warnings({ results }: MarkedRun): string[] {
  const broken = results.tasks.flatMap(({ task, broken: found }) =>
    found.map((sentence) => `${task}: ${sentence}`),
  );
  const few = results.tasks.flatMap(({ task, metrics }) => {
    const scenes = metrics[0]?.rows.subject?.clusters;
    return isKnown(scenes) && scenes < 3 ? [task] : [];
  });
  return [
    ...broken.map((sentence) => `Out of order, so do not trust this task. ${sentence}`),
    ...(few.length > 0
      ? [`Items from one or two scenes only, so descriptive: ${few.join(', ')}.`]
      : []),
    ...(results.limit === null
      ? []
      : [`At most ${results.limit} items a task were asked: a trial, not a result.`]),
  ];
}

const list = (texts: readonly string[]): string =>
  texts.length > 0
    ? `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`
    : '<p class="note">Nothing.</p>';
