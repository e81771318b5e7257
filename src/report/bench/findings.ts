import { escapeMarkup } from '../../stage/export/markup.ts';
import { headlines, type MarkedRun } from './run.ts';
import { verdictTable } from './score-tables.ts';
import { findings } from './verdict.ts';
import { warnings } from './warnings.ts';

/** What the runs tell, and what they cannot, after what one must know before believing it. */
export function toldHtml(runs: readonly MarkedRun[]): string {
  const [first, ...others] = runs;
  if (!first) return '';
  const doubts = others.length === 0 ? warnings(first.results) : runs.flatMap(letteredWarnings);
  const before = doubts.length > 0 ? `<div class="warning">${list(doubts)}</div>\n` : '';
  return before + (others.length === 0 ? sentences(first) : verdictTable(runs));
}

function sentences(run: MarkedRun): string {
  const found = headlines(run).flatMap((headline) => findings(headline));
  const column = (heading: string, isTold: boolean) => {
    const texts = found.filter((finding) => finding.isTold === isTold).map(({ text }) => text);
    return `<div><h4>${heading}</h4>${list(texts)}</div>`;
  };
  return `<div class="told">${column('Shown', true)}${column('Not shown', false)}</div>`;
}

const letteredWarnings = (run: MarkedRun): string[] =>
  warnings(run.results).map((sentence) => `${run.letter}: ${sentence}`);

const list = (texts: readonly string[]): string =>
  texts.length > 0
    ? `<ul>${texts.map((text) => `<li>${escapeMarkup(text)}</li>`).join('')}</ul>`
    : '<p class="note">Nothing.</p>';
