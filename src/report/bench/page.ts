import { significance } from '../../eval/run/compare.ts';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { htmlPage } from '../page/html.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { toldHtml } from './findings.ts';
import { provenanceTable, speedTable } from './provenance-tables.ts';
import { askedTasks, type MarkedRun, playAlone } from './run.ts';
import { samplesHtml } from './samples.ts';
import { runTable, scoreTable, sideBySideTable } from './score-tables.ts';
import { taskTable } from './task-table.ts';

/** The report as a reader goes through it: the verdicts on the first screen, the hashes on the last. */
export function benchPage(runs: readonly MarkedRun[], figures: readonly BenchFigure[]): string {
  const title = titleOf(runs);
  return htmlPage(
    title,
    [
      `<h1>${escapeMarkup(title)}</h1>`,
      measured(runs),
      scores(runs),
      section('What the results show and what they do not', toldNote, toldHtml(runs)),
      ...figures.map(figureHtml),
      leftOut(figures),
      samples(runs),
      ...runs.map((run) => everything(run)),
      speed(runs),
      section('What was measured with what', '', provenanceTable(runs)),
    ].join('\n'),
  );
}

function titleOf(runs: readonly MarkedRun[]): string {
  const [first] = runs;
  const characters = new Set(runs.map(({ results }) => results.character ?? results.play.title));
  const models = new Set(runs.map(({ results }) => results.subject.model));
  const about = characters.size === 1 ? [...characters][0] : `${characters.size} characters`;
  const by = models.size === 1 ? first!.results.subject.model : `${models.size} models`;
  return `Dramatis Bench: ${about}, ${by}`;
}

const toldNote = `A difference counts as shown if its p-value, after Holm over the tasks, is under ${significance}; a score is past its floor if its whole interval is.`;

const section = (heading: string, note: string, content: string): string => `<section>
<h2>${escapeMarkup(heading)}</h2>
${note === '' ? '' : `<p class="note">${escapeMarkup(note)}</p>`}
${content}
</section>`;

function measured(runs: readonly MarkedRun[]): string {
  const note =
    'Scored by log-probabilities, string statistics and facts of the play; no judge, no network. Exposure is how well the base model knows the text before it is shown anything: where it is high, only differences count.';
  return `<p class="note">${note}</p>\n${runTable(runs)}`;
}

function scores(runs: readonly MarkedRun[]): string {
  const note = `The first figure of each task; ↑ more is better, ↓ less is better, ↔ it is to lie where the original lies. ${playAlone(runs)} ${provenance(runs, askedTasks(runs))}`;
  if (runs.length === 1) return section('Scores', note, scoreTable(runs[0]!));
  return section('Scores', note, sideBySideTable(runs));
}

function figureHtml(figure: BenchFigure): string {
  if (figure.kind === 'left out') return '';
  return `<section>
<h2>${escapeMarkup(figure.title)}</h2>
<figure>${figure.svg}<figcaption class="note">${escapeMarkup(figure.caption)}</figcaption></figure>
</section>`;
}

function leftOut(figures: readonly BenchFigure[]): string {
  const items = figures.flatMap((figure) =>
    figure.kind === 'left out'
      ? [`<li>${escapeMarkup(`${figure.title}. ${figure.why}`)}</li>`]
      : [],
  );
  if (items.length === 0) return '';
  return section('Figures left out', '', `<ul class="note">${items.join('')}</ul>`);
}

function samples(runs: readonly MarkedRun[]): string {
  const html = samplesHtml(runs);
  if (html === '') return '';
  return section('What they said', 'The first questions at fixed seeds, not picked.', html);
}

function everything(run: MarkedRun): string {
  const tasks = run.results.tasks.map(
    (task) =>
      `<h3>${escapeMarkup(task.task)}</h3><p class="note">${escapeMarkup(task.summary)}</p>${taskTable(task)}`,
  );
  return `<section class="long">
<h2>${escapeMarkup(`Every figure of ${run.letter}, ${run.label}`)}</h2>
${tasks.join('\n')}
</section>`;
}

function speed(runs: readonly MarkedRun[]): string {
  if (runs.every(({ record }) => record === null)) return '';
  const note = 'On the machine named below; times differ from run to run, the scores do not.';
  return section('Time', note, speedTable(runs));
}
