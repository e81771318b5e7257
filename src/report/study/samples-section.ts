import { plain } from './ledger.ts';
import { missing, note } from './report-html.ts';
import type { Material } from './section.ts';
import type { Evaluation } from './study-data.ts';

/** How many samples of each series stand in the report. */
const samplesShown = 3;
/** How many series there are samples of. */
const seriesSampled = 12;

/** What the models said first, with the verdict where a task has one. */
export function samplesSection({ shape }: Material): string {
  const parts = shape.series.slice(0, seriesSampled).flatMap((series) => {
    const samples = series.evaluations.flatMap(samplesOf).slice(0, samplesShown);
    if (samples.length === 0) return [];
    const shownSamples = samples
      .map(
        ({ question, reply, verdict }) =>
          `<dl class="sample"><dt>${plain(question).html}</dt><dd>${plain(reply.trim() === '' ? '(nothing)' : reply).html}</dd>${verdict === undefined ? '' : `<dd class="weak">${plain(verdict).html}</dd>`}</dl>`,
      )
      .join('\n');
    return [`<h3>${plain(series.label).html}</h3>${shownSamples}`];
  });
  if (parts.length === 0)
    return missing(
      'dramatis eval know style --character hamlet',
      'No task of the study keeps replies.',
    );
  return [
    note(
      'The first replies of each model and recipe, in the order of the items: nobody picked them.',
    ),
    ...parts,
  ].join('\n');
}

/** Something that a model was asked, what it said, and what that was worth where a task says so. */
interface ShownSample {
  readonly question: string;
  readonly reply: string;
  readonly verdict?: string;
}

function samplesOf({ rows, results }: Evaluation): readonly ShownSample[] {
  const asked = [...rows.values()].flatMap((byRow) => byRow.get('subject') ?? []);
  const explained = asked.flatMap(({ why }) =>
    why ? [{ question: why.question, reply: why.said, verdict: why.verdict }] : [],
  );
  if (explained.length > 0) return explained;
  return results.samples.map(({ question, reply }) => ({ question, reply }));
}
