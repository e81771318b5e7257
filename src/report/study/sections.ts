import { summaries } from '../../eval/tasks/summaries.ts';
import { shown } from '../bench/number.ts';
import { findingsOf, modelFindings, summary } from './findings.ts';
import { type Ledger, type Phrase, plain, say } from './ledger.ts';
import { type MeasureText, sceneTexts, taskTexts } from './measure-texts.ts';
import { commandLine, figureHtml, list, note, paragraph, phraseTable } from './report-html.ts';
import type { Evaluation, StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import { type StudyShape, scoreOf } from './study-shape.ts';

/** A part of the report. */
export interface Section {
  /** Name that links lead to. */
  readonly id: string;
  readonly title: string;
  /** HTML, made safe already. */
  readonly body: string;
}

/** What sections are made of. */
export interface Material {
  readonly data: StudyData;
  readonly shape: StudyShape;
  readonly ledger: Ledger;
  readonly figures: readonly StudyFigure[];
}

/** The thirteen sections of a report, in order. */
export function sectionsOf(of: Material): Section[] {
  return [
    { id: 'summary', title: 'Summary', body: summarySection(of) },
    { id: 'question', title: 'Question and data', body: questionSection(of) },
    { id: 'models', title: 'Models', body: modelsSection(of) },
    { id: 'benchmark', title: 'The benchmark', body: benchmarkSection(of) },
    { id: 'size', title: 'Small against large', body: sizeSection(of) },
    { id: 'levers', title: 'Levers and ablations', body: leversSection(of) },
    { id: 'training', title: 'Training', body: trainingSection(of) },
    { id: 'reinforcement', title: 'Reinforcement', body: reinforcementSection() },
    { id: 'conversations', title: 'Conversations of two and of four', body: scenesSection(of) },
    { id: 'speed', title: 'Speed', body: speedSection(of) },
    { id: 'samples', title: 'Samples', body: samplesSection(of) },
    { id: 'limits', title: 'What was not shown', body: limitsSection(of) },
    { id: 'again', title: 'How to make it again', body: againSection(of) },
  ];
}

const figure = ({ figures }: Material, name: string): string => {
  const found = figures.find((one) => one.name === name);
  return found ? figureHtml(found) : '';
};

const intervalText =
  'In brackets stands the 95 % interval: made again with other scenes, 95 of 100 such intervals would hold the true figure. Where an interval of a difference has zero in it, the study does not show that there is a difference; nor does it show that there is none.';

function summarySection({ data, shape, figures, ledger }: Material): string {
  return [
    list(summary(shape, figures, ledger)),
    note(intervalText),
    ...(data.gaps.length > 0
      ? [
          note(
            `${data.gaps.length} of ${data.manifest.tasks.length} tasks of the study give nothing to this report: see the last section.`,
          ),
        ]
      : []),
  ].join('\n');
}

function questionSection(of: Material): string {
  const { data, shape } = of;
  const rows = [...playsOf(data)].map(([id, { title, sha256, splits }]) => [
    ...[title, id, [...splits].join(', '), sha256.slice(0, 12)],
  ]);
  return [
    paragraph(
      plain(
        'The question: what does a larger model give to a character of a play, what does training give, and does it hold when two or four of them talk among themselves?',
      ),
    ),
    paragraph(
      plain(
        `The characters are ${listed(shape.characters)}. The scenes of each play are divided into three parts: training learns from train, choices are made on dev, and what is reported is asked about scenes that nothing was trained on (holdout), unless the table says otherwise. An evaluation refuses to run if eight words in a row stand in two parts.`,
      ),
    ),
    ...(rows.length > 0 ? [phraseTable(['play', 'id', 'part asked', 'sha256'], rows)] : []),
    paragraph(
      plain(
        'Contamination: the plays are in every large collection of text, so a model may know a line by heart that is held out here. The task “cloze” asks the bare model for words taken out of the text; where it was asked, its figure stands in the table of scores, and other figures are to be read beside it.',
      ),
    ),
    figure(of, 'pipeline'),
  ].join('\n');
}

/** "a, b and c". */
const listed = (names: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names) || 'none yet';

function playsOf({ evaluations }: StudyData) {
  const plays = new Map<string, { title: string; sha256: string; splits: Set<string> }>();
  for (const { results } of evaluations) {
    const { id, title, sha256 } = results.play;
    const found = plays.get(id) ?? { title, sha256, splits: new Set<string>() };
    found.splits.add(results.split);
    plays.set(id, found);
  }
  return plays;
}

function modelsSection({ data, shape }: Material): string {
  if (shape.models.length === 0) return missing('dramatis study run', 'No model was evaluated.');
  const machines = [
    ...new Set(
      data.evaluations.map(
        ({ results: { machine } }) =>
          `${machine.cpu}, ${machine.threads} ${Number(machine.threads) === 1 ? 'thread' : 'threads'}, ${machine.backends}`,
      ),
    ),
  ];
  return [
    phraseTable(
      ['model', 'million parameters', 'MiB', 'sha256'],
      shape.models.map(({ name, parameters, bytes, sha256 }) => [
        name,
        fact(Math.round(parameters / 1e6).toLocaleString('en')),
        fact(Math.round(bytes / 2 ** 20).toLocaleString('en')),
        sha256.slice(0, 12),
      ]),
    ),
    note(
      'Size and hash are read from the model’s file. Licences are those that “dramatis models” prints.',
    ),
    note(`Computed on: ${machines.join('; ')}.`),
    ...(machines.length > 1
      ? [
          `<div class="warning">${note('These are several kinds of machine: sums differ in their last digits between them, and differences that small say nothing.')}</div>`,
        ]
      : []),
  ].join('\n');
}

/** A fact about a file, which no row gives. */
const fact = plain;

function benchmarkSection(of: Material): string {
  const { shape, ledger } = of;
  if (shape.tasks.length === 0) return missing('dramatis study run', 'No task was asked.');
  const rows = shape.tasks.flatMap((task) =>
    shape.series.flatMap((series) => {
      const source = scoreOf(series, task);
      if (!source) return [];
      return [
        [task.name, task.metric.name, series.label, ledger.withInterval(source), ledger.n(source)],
      ];
    }),
  );
  return [
    paragraph(
      plain(
        'No judge is asked: every figure is a log-probability, a count, or a comparison with what the play says. Beside the model stand controls that need none, so that it can be seen whether a task measures what it says.',
      ),
    ),
    ...shape.tasks.map(({ name }) => measureHtml(name, summaryOf(name), taskTexts[name])),
    phraseTable(['task', 'figure', 'model and recipe', 'score', 'n'], rows),
    note(
      'n counts items. Where several characters were asked the score is their mean, each counting alike, and its interval is over the scenes of each: it says nothing of characters who were not asked.',
    ),
    figure(of, 'score-by-task'),
    figure(of, 'what-could-be-shown'),
    figure(of, 'score-by-exposure'),
  ].join('\n');
}

const summaryOf = (name: string): string =>
  (summaries as Readonly<Record<string, string>>)[name] ?? '';

function measureHtml(name: string, summaryText: string, text: MeasureText | undefined): string {
  if (!text) return '';
  const title = summaryText === '' ? name : `${name}: ${summaryText}`;
  const words = say`${text.means} For example: ${text.example}`;
  return `<h3>${plain(title).html}</h3>${paragraph(words)}`;
}

function sizeSection(of: Material): string {
  const { shape, ledger } = of;
  const sentences = modelFindings(shape, ledger).map(({ sentence }) => say`${sentence}.`);
  return [
    ...(sentences.length > 0 ? [list(sentences)] : []),
    figure(of, 'quality-by-size'),
    figure(of, 'bits-by-model'),
  ].join('\n');
}

function leversSection({ data }: Material): string {
  const levers = [...new Set(data.evaluations.map(({ task }) => task.point.levers))];
  return [
    note(
      levers.length > 1
        ? `The study ran with levers ${levers.join(' and ')}; their scores stand in the tables under their labels.`
        : `Every evaluation of the study ran with levers ${levers[0] ?? 'off'}, so nothing is said here about what a lever does.`,
    ),
    missing(
      'dramatis eval know --character hamlet --ablate persona,memory --json ablation.json',
      'What each component is worth is measured by taking it away:',
    ),
  ].join('\n');
}

function trainingSection(of: Material): string {
  const { trainings, gaps } = of.data;
  const rows = trainings.map(({ task: { label, argv }, seconds }) => [
    ...[label, seconds === null ? plain('–') : fact(shown(seconds / 60, 'words'))],
    `dramatis ${argv.join(' ')}`,
  ]);
  const undone = gaps.filter(({ task }) => task.kind === 'train');
  return [
    ...(rows.length > 0 ? [phraseTable(['training', 'minutes', 'command'], rows)] : []),
    ...(undone.length > 0
      ? [note(`Not done: ${undone.map(({ task, why }) => `${task.label} (${why})`).join(', ')}.`)]
      : []),
    figure(of, 'gain-of-training'),
    figure(of, 'gain-by-character'),
    missing(
      'dramatis adapters show ID',
      'The study keeps an adapter and no curve of its learning. The registry keeps the figures of every evaluation on dev:',
    ),
  ].join('\n');
}

const reinforcementSection = (): string =>
  missing(
    'dramatis reinforce choice\ndramatis adapters show ID',
    'No recipe of the study is reinforced, so nothing is said here about what reinforcement gives. A run of it, and what its version was worth on held-out questions, are had by:',
  );

function scenesSection(of: Material): string {
  const measures = Object.entries(sceneTexts).map(([name, text]) => measureHtml(name, '', text));
  return [
    paragraph(
      plain(
        'In a scene each actor hears only what it is there for, and a small model of turns, fitted on the plays, draws who speaks next. The plays’ own conversations are the standard: not more of a measure is better, but as much as the plays have.',
      ),
    ),
    figure(of, 'scenes-duet'),
    figure(of, 'scenes-quartet'),
    figure(of, 'voices-over-time'),
    ...measures,
    missing(
      'dramatis stage export TRANSCRIPT',
      'Who speaks after whom, and the timeline of one scene, need the words of a scene; the study keeps its measures. Of one scene they are in its transcript:',
    ),
  ].join('\n');
}

const speedSection = (of: Material): string =>
  [
    paragraph(
      plain(
        'Tokens are pieces of words, some four in three words. Reading is how fast a prompt is taken in, generating how fast an answer comes: eight tokens a second is as fast as one reads aloud.',
      ),
    ),
    figure(of, 'speed'),
  ].join('\n');

/** How many samples of each series stand in the report. */
const samplesShown = 3;
/** How many series there are samples of. */
const seriesSampled = 12;

function samplesSection({ shape }: Material): string {
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

function limitsSection({ data, shape, ledger }: Material): string {
  const rest = findingsOf(shape, ledger).filter(({ isShown }) => !isShown);
  const broken = data.evaluations.flatMap(({ task, results }) =>
    results.tasks.flatMap((one) =>
      one.broken.map((sentence) => plain(`${task.label}, ${one.task}: ${sentence}`)),
    ),
  );
  const limited = [...new Set(data.evaluations.map(({ results }) => results.limit))].filter(
    (one) => one !== null,
  );
  return [
    ...(rest.length > 0
      ? [
          '<h3>Comparisons whose interval has zero in it</h3>',
          list(rest.map(({ sentence }) => say`${sentence}.`)),
        ]
      : []),
    ...(broken.length > 0
      ? ['<h3>Controls that did not fall in their order</h3>', list(broken)]
      : []),
    '<h3>Limits of the design</h3>',
    list([
      ...(limited.length > 0
        ? [
            plain(
              `At most ${limited.join(' or ')} items of each task were asked: small differences cannot be seen.`,
            ),
          ]
        : []),
      plain('The scenes of one play are few; what holds in them may not hold in another play.'),
      plain(
        'Comparisons are many and each interval stands for itself: of twenty where nothing is, one will look like something.',
      ),
      plain(
        'The keys of “know” count words: an answer that is right in words nobody thought of counts as wrong.',
      ),
    ]),
  ].join('\n');
}

function againSection({ data }: Material): string {
  const { gaps, manifest, evaluations } = data;
  const [first] = evaluations;
  const versions = first?.results.versions;
  return [
    commandLine(
      `dramatis sweep plan ${manifest.study.name} --out ${data.name}\ndramatis study run ${data.name}\ndramatis report ${data.name} --out report\ndramatis report ${data.name} --out report --check`,
    ),
    note(
      `Planned by ${manifest.program}${versions ? `, evaluated at ${versions.commit ?? 'an unknown commit'}` : ''}; study ${manifest.study.name}, sha256 ${manifest.study.sha256.slice(0, 12)}. Inputs: ${manifest.inputs.map(({ kind, name, sha256 }) => `${kind} ${name} ${sha256.slice(0, 8)}`).join(', ') || 'none'}.`,
    ),
    note(
      'Each number in this text has the name of its source; numbers.json has for each name the file, its hash, the rows, and how the number is worked out. “--check” works all of them out again. What is not worked out from rows are facts about files: sizes, hashes, counts of tasks.',
    ),
    ...(gaps.length > 0
      ? [
          '<h3>Not in this report</h3>',
          phraseTable(
            ['task', 'why', 'what makes it'],
            gaps.map(({ task, why }) => [
              ...[task.label, why, `dramatis sweep task ${data.name} ${task.index}`],
            ]),
          ),
        ]
      : []),
    '<h3>Every command of the study</h3>',
    `<pre class="commands"><code>${manifest.tasks.map(({ argv }) => plain(`dramatis ${argv.join(' ')}`).html).join('\n')}</code></pre>`,
  ].join('\n');
}

function missing(command: string, why: string): string {
  return `<div class="gap">${note(why)}${commandLine(command)}</div>`;
}

/** Words that a slide says beside its figure, for who speaks. */
export function notesOf(name: string): Phrase {
  const texts: Readonly<Record<string, string>> = {
    pipeline: 'Go through the stages from top to bottom: each is a folder of the program.',
    'score-by-task':
      'Say what one task asks, by its example, before anything about scores. Then chance, then the marks.',
    'what-could-be-shown':
      'What could be seen at all with so few scenes: before anybody asks why a difference is not there.',
    'quality-by-size': 'The larger model is slower, too: the slide on speed says by how much.',
    'score-by-exposure':
      'Whether a high score may be a text that was learnt by heart before: say that the plays are in every large collection.',
    'bits-by-model':
      'Follow one line from left to right: one character, with every model and every training.',
    'gain-by-character': 'Whether training helps all alike, or only who speaks much.',
    'gain-of-training': 'Only marks that are filled are shown to differ from nothing.',
    'scenes-duet': 'The pale bars are the plays. Further right is not better.',
    'scenes-quartet': 'The same with four: who is left out, and who talks too much.',
    'voices-over-time': 'Whether the characters grow alike while they talk.',
    speed: 'The axis is logarithmic: a step is ten times as much.',
  };
  return plain(texts[name] ?? '');
}
