import { summaries } from '../../eval/tasks/summaries.ts';
import { models } from '../../hub/catalogue.ts';
import { optionOf } from '../../sweep/cost/task-cost.ts';
import type { SweepTask } from '../../sweep/manifest.ts';
import type { LearningCurve } from '../../workspace/runs/learning-curve.ts';
import { shown } from '../bench/number.ts';
import { againSection } from './again-section.ts';
import { ablationFinding, modelFindings, summary } from './findings.ts';
import { type Phrase, plain, say } from './ledger.ts';
import { limitsSection } from './limits-section.ts';
import { type MeasureText, sceneTexts, taskTexts } from './measure-texts.ts';
import type { SpeedSource } from './number-source.ts';
import { recipeTexts } from './recipe-texts.ts';
import { figureHtml, list, missing, note, paragraph, phraseTable } from './report-html.ts';
import { samplesSection } from './samples-section.ts';
import { cutText } from './score-figures.ts';
import type { Material, Section } from './section.ts';
import { isRate } from './speed-figure.ts';
import type { StudyData } from './study-data.ts';
import {
  ablations,
  fewNames,
  nameOf,
  scoreOf,
  shortName,
  taskName,
  trainingGains,
} from './study-shape.ts';

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
    { id: 'reinforcement', title: 'Reinforcement', body: reinforcementSection(of) },
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
  'The brackets hold the 95 % interval: if the study were made again and again with other scenes, 95 of 100 such intervals would hold the true figure. For example, +0.30 [0.10, 0.50] is a difference, as zero lies outside; +0.30 [−0.20, 0.80] shows none, and does not show either that there is none.';

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
        'Dramatis lets a language model speak as a character of a play, on one machine and without a network. The question of this study: what makes the character better? A larger model, training, or rewards? And does the character last when two or four of them talk among themselves?',
      ),
    ),
    paragraph(
      plain(
        `The characters are ${listed(fewNames(shape.characters.map(nameOf)))}. The scenes of each play are divided into three parts: training learns from the first (train), choices are made by the second (dev), and what is reported is asked about the third (holdout), which nothing was trained on, unless the table says otherwise. An evaluation refuses to run if eight words in a row stand in two parts.`,
      ),
    ),
    ...(rows.length > 0 ? [phraseTable(['play', 'id', 'part asked', 'sha256'], rows)] : []),
    paragraph(plain('A model is asked in one or more of these ways, which are called recipes:')),
    list(recipeTexts(data.manifest).map(plain)),
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
      ['model', 'what it is', 'licence', 'million parameters', 'MiB', 'sha256'],
      shape.models.map(({ name, parameters, bytes, sha256 }) => [
        ...[name, ...knownOf(sha256)],
        fact(Math.round(parameters / 1e6).toLocaleString('en')),
        fact(Math.round(bytes / 2 ** 20).toLocaleString('en')),
        sha256.slice(0, 12),
      ]),
    ),
    note(
      'Size and hash are read from the model’s file; what it is, with its quantisation, and its licence stand in the catalogue under that hash.',
    ),
    note(`Computed on: ${machines.join('; ')}.`),
    ...(machines.length > 1
      ? [
          `<div class="warning">${note('These are several kinds of machine: sums differ in their last digits between them, and differences that small say nothing.')}</div>`,
        ]
      : []),
  ].join('\n');
}

/** What the catalogue says of a file with this hash: its title, with the quantisation, and its licence. */
function knownOf(sha256: string): [title: string, licence: string] {
  const entry = models().find((one) => one.sha256 === sha256);
  return entry ? [entry.title, entry.licence.name] : ['not in the catalogue', '–'];
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
        'No person and no other model is the judge: every figure follows from how likely the model finds words, from counting, or from comparing an answer with what the play says. Beside the models stand answers that need none, such as a guess, so that it can be seen what a figure is worth.',
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
    figure(of, 'quality-by-speed'),
    figure(of, 'bits-by-model'),
  ].join('\n');
}

function leversSection(of: Material): string {
  const { data, shape, ledger } = of;
  const levers = [...new Set(data.evaluations.map(({ task }) => task.point.levers))];
  const found = ablations(shape).map((one) => ablationFinding(one, ledger));
  return [
    paragraph(
      plain(
        'What a part is worth is measured by taking it away: the same model is asked the same questions without its persona, which says who it is and how it speaks, or without its memory, which recalls what the character witnessed. Where the answers get worse, the part was worth having.',
      ),
    ),
    ...(found.length > 0 ? [list(found.map(({ sentence }) => say`${sentence}.`))] : []),
    figure(of, 'worth-of-components'),
    note(
      levers.length > 1
        ? `The study ran with the levers ${levers.join(' and ')}. The tables of scores have the first of them; the others are compared with it in the figure.`
        : `Levers bend, word by word, what a model is likely to say next: one keeps a character in verse, another keeps modern words away. Every evaluation of the study ran with the levers ${levers[0] ?? 'off'}, so nothing is said here about what a lever does.`,
    ),
  ].join('\n');
}

function trainingSection(of: Material): string {
  const undone = of.data.gaps.filter(({ task }) => task.kind === 'train');
  return [
    paragraph(
      plain(
        'Training leaves the model’s weights as they are and adds a small set of others (a LoRA adapter). It reads the scenes of the training part one after another, and learns to expect what the character says in them; what others say is read, and not learned. From time to time it looks at dev scenes, which it does not learn: the step at which it expected those best is kept.',
      ),
    ),
    paragraph(
      plain(
        'The loss is how much the model is surprised, in nats a token. For example: at 4.6 it is as uncertain as if it had a hundred equal words to choose from, at 2.3 as if it had ten. Less is better, and only the loss on what was not learned counts: what is learned can be learned by heart.',
      ),
    ),
    trainingTable(of, 'loss'),
    ...(undone.length > 0
      ? [note(`Not done: ${undone.map(({ task, why }) => `${task.label} (${why})`).join(', ')}.`)]
      : []),
    figure(of, 'gain-of-training'),
    figure(of, 'gain-by-character'),
    figure(of, 'learning-curves'),
    note(
      'An adapter that a user trains is put in use only if it passes a gate, which asks some of these measures. What a version was measured at, which came before it, and how to go back: “dramatis adapters show ID”, “dramatis adapters rollback”.',
    ),
  ].join('\n');
}

/** Trainings that the report has room for. */
const mostTrainings = 30;

/** Trainings with what they learned by: held out before the first step and at the step that was kept. */
function trainingTable({ data, ledger }: Material, measure: LearningCurve['measure']): string {
  const rows = data.trainings.flatMap(({ task, seconds, curve }) => {
    if (curve?.found.measure !== measure) return [];
    const { learned, heldOut, kept } = curve.found;
    const valueAt = (step: number | undefined): Phrase =>
      step === undefined
        ? plain('–')
        : ledger.value({ kind: 'curve', run: task.label, of: 'held out', from: step, to: step });
    const { model, character, recipe } = task.point;
    const steps = learned.at(-1)?.step;
    return [
      [
        [shortName(model), nameOf(character), recipe].filter((one) => one !== '').join(', '),
        ...[fact(steps === undefined ? '–' : `${steps}`), valueAt(heldOut[0]?.step)],
        ...[valueAt(kept ?? heldOut.at(-1)?.step), minutesOf(seconds)],
      ],
    ];
  });
  if (rows.length === 0) return '';
  const cut = cutText(
    Math.min(rows.length, mostTrainings),
    rows.length,
    'trainings',
    'stand here',
  ).trim();
  const what = measure === 'loss' ? 'loss on dev' : 'reward never learned';
  return (
    phraseTable(
      ['training', 'steps', `${what}: before`, 'as kept', 'minutes'],
      rows.slice(0, mostTrainings),
    ) + (cut === '' ? '' : note(cut))
  );
}

const minutesOf = (seconds: number | null): Phrase =>
  seconds === null ? plain('–') : fact(shown(seconds / 60, 'words'));

function reinforcementSection(of: Material): string {
  const { data, shape, ledger } = of;
  const taught = data.manifest.tasks.filter(({ argv }) => argv[0] === 'reinforce');
  const recipes = taught.map(({ point }) => point.recipe);
  if (taught.length === 0)
    return missing(
      'dramatis reinforce choice\ndramatis reinforce report --out pages',
      'No recipe of the study is reinforced, so nothing is said here about what reinforcement gives. A run of it, and a page of its rewards beside held-out figures, are made by:',
    );
  const rows = trainingGains(shape)
    .filter(({ trained }) => recipes.includes(trained.recipe))
    .map(({ task, trained, source }) => [
      ...[taskName(task), trained.label],
      ...[ledger.withInterval(source, 'signed'), ledger.n(source)],
    ]);
  return [
    paragraph(
      plain(
        'A reinforced model is not shown how somebody speaks. It is asked questions with a right answer and a wrong one, and its chance of choosing the right one is raised. That chance is the expected reward. For example: the model gives “yes” three tenths of its trust and “no” seven tenths, and “no” is right: the expected reward is 0.7. Both answers are weighed as a whole, so that nothing is drawn by lot.',
      ),
    ),
    paragraph(
      plain(
        'A reward stands in for what is wanted, and a model may learn the stand-in alone. So it learned from other plays than those it is asked about here, all characters share what it learned, and beside the reward of what it learns stands that of questions it never does.',
      ),
    ),
    list(taught.map(taughtText)),
    trainingTable(of, 'reward'),
    ...(rows.length > 0
      ? [
          phraseTable(
            ['task', 'model and recipe', 'better than the same model prompted by', 'n'],
            rows,
          ),
          note(
            'The task that was rewarded shows whether what was learned holds in other plays; the other tasks show what it cost or gave besides.',
          ),
        ]
      : [missing('dramatis study run', 'No task was asked with it and without it.')]),
    figure(of, 'reward-curves'),
  ].join('\n');
}

/** What a recipe was rewarded for, and on which plays. */
function taughtText(task: SweepTask): Phrase {
  const [tasks = '', plays = ''] = ['--tasks', '--plays'].map((name) => optionOf(task, name));
  const ids = plays.split(',').map((play) => play.replace(/^.*[/\\]/, ''));
  return plain(
    `${task.point.recipe}: rewarded for right answers of ${listed(tasks.split(','))}, on ${listed(ids)}.`,
  );
}

function scenesSection(of: Material): string {
  const rows = Object.entries(sceneTexts).map(([name, { means, example }]) => [
    ...[name, means, example],
  ]);
  return [
    paragraph(
      plain(
        'In a scene each actor hears only what it is there for, and a small model of turns, fitted on the plays, draws who speaks next. The plays’ own conversations are the standard: not more of a measure is better, but as much as the plays have.',
      ),
    ),
    phraseTable(['measure', 'what it says', 'for example'], rows),
    figure(of, 'scenes-duet'),
    figure(of, 'scenes-quartet'),
    figure(of, 'voices-over-time'),
    figure(of, 'who-after-whom'),
    figure(of, 'scene-timeline'),
    note(
      'The study keeps who spoke when, and none of the words: those are in the transcripts, which “dramatis stage export” makes readable.',
    ),
  ].join('\n');
}

function speedSection(of: Material): string {
  const rows = otherRows(of);
  return [
    paragraph(
      plain(
        'A token is a word or a piece of one: four tokens are about three words. Reading is how fast a prompt is taken in, before the first word of an answer; generating is how fast the answer then comes. For example: at four tokens a second an answer comes as fast as one reads it aloud, and with a prompt of 500 tokens that are read at 100 a second one waits five seconds for its first word.',
      ),
    ),
    figure(of, 'speed'),
    '<h3>What else was timed</h3>',
    rows.length > 0
      ? phraseTable(['model', 'measurement', 'median [least, greatest]', 'unit', 'n'], rows)
      : missing(
          'dramatis bench adapters train stage --out speed.json',
          'The study timed reading and generating alone: nothing of what adapters cost, of training, or of scenes.',
        ),
  ].join('\n');
}

/** What was timed and is not in the figure of speed: adapters, training, scenes. */
function otherRows({ data, ledger }: Material): (string | Phrase)[][] {
  return data.speeds.flatMap(({ task, speed }) =>
    speed.rows
      .filter((row) => !isRate(row))
      .map(({ bench, what, at, unit }) => {
        const source: SpeedSource = { kind: 'speed', run: task.label, bench, what, at };
        const where = Object.entries(at).map(([name, value]) => `, ${name} ${value}`);
        return [
          ...[shortName(speed.model.name), `${bench}: ${what}${where.join('')}`],
          ...[ledger.withInterval(source, 'rate'), unit, ledger.n(source)],
        ];
      }),
  );
}
