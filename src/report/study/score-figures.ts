import { type DotGroup, dotRows, type RowDot } from '../bench/dot-rows.ts';
import { shown, shownSigned } from '../bench/number.ts';
import { sampleOf } from './findings.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import { type CountSource, type Figure, type MeanSource, sideOf } from './number-source.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  gainOf,
  type Series,
  type StudyShape,
  scoreOf,
  smallAndLarge,
  type TrainingGain,
  taskName,
  taskWords,
  trainingGains,
} from './study-shape.ts';

/** Controls that are drawn as lines, where a task has them: what needs no model. */
const controls = ['naive Bayes', 'word overlap', 'majority', 'nothing', 'empty', 'frequency'];
/** Lines that a figure of one page has room for; the table beside it has all. */
const mostLines = 60;

const intervals =
  'The bar is the 95 % interval over the scenes that might have been; where there is none, the scenes were too few or too much alike for one.';

/** Each task whose figure is a share: every model with every recipe. */
export function scoreFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'score-by-task';
  const tasks = shape.tasks.filter(({ metric }) => metric.unit === 'share');
  const scores = tasks.flatMap((task) =>
    shape.series.flatMap((series) => {
      const source = scoreOf(series, task);
      return source ? [{ task, series, source, figure: ledger.figure(source) }] : [];
    }),
  );
  if (scores.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'Scores by task' },
      why: 'No evaluation of the study asked a task whose figure is a share.',
      command: 'dramatis study run',
    };
  const drawn = shape.series.slice(0, Math.max(1, Math.floor(mostLines / tasks.length)));
  const groups = tasks.map((task): DotGroup => {
    const lines = scores
      .filter((one) => one.task === task && drawn.includes(one.series))
      .map(({ series, figure }) => ({
        ...{ mark: series.letter, dots: [dotOf(series, figure)], note: noteOf(figure) },
      }));
    return { name: taskName(task), lines, anchors: anchorsOf(shape, task, ledger) };
  });
  return {
    ...{ kind: 'drawn', name },
    table: scores.map(({ task, series, source, figure }) =>
      tableRow(task, series.label, source, figure),
    ),
    title: scoreTitle(shape, tasks, ledger),
    caption: say`Each line is a model with a recipe, named by its letter; filled marks are trained.${cutText(drawn.length, shape.series.length, 'models with recipes')} ${intervals} Broken lines are answers that need no model. Further right is better. ${madeOf(shape)}`,
    svg: dotRows({
      label: `Scores of ${tasks.map(({ name: task }) => task).join(', ')} for ${drawn.map(({ label }) => label).join('; ')}`,
      axis: 'share',
      ...{ groups, domain: [0, 1], rules: [0.5] },
      entries: entriesOf(drawn),
    }),
  };
}

function scoreTitle(shape: StudyShape, tasks: readonly AskedTask[], ledger: Ledger): Phrase {
  const [small, large] = smallAndLarge(shape);
  const of = small && large ? tasks.flatMap((task) => gainOf(large, small, task) ?? []) : [];
  if (!small || !large || of.length === 0) return firstScore(shape, tasks, ledger);
  const above: CountSource = { kind: 'count', of, side: 1 };
  const below: CountSource = { ...above, side: -1 };
  const tasksText = of.length === 1 ? 'task' : 'tasks';
  const shownIn = ledger.figure(above).value + ledger.figure(below).value;
  if (shownIn === 0)
    return say`In none of ${ledger.n(above)} ${tasksText} is ${large.model} shown to be better than ${small.model}, or worse`;
  return say`Of ${ledger.n(above)} ${tasksText} ${large.model} is better than ${small.model} in ${ledger.value(above, 'whole')} and worse in ${ledger.value(below, 'whole')}${shownIn === of.length ? '' : '; in the others no difference is shown'}`;
}

function firstScore(shape: StudyShape, tasks: readonly AskedTask[], ledger: Ledger): Phrase {
  for (const task of tasks)
    for (const series of shape.series) {
      const source = scoreOf(series, task);
      if (source)
        return say`${series.label} reaches ${ledger.withInterval(source)} in ${taskWords(task)} (${sampleOf(source, ledger)})`;
    }
  return plain('Scores by task');
}

/** What each training gives, task by task, against the same model prompted; sorted by how much. */
export function gainFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'gain-of-training';
  const gains = trainingGains(shape).map((gain) => ({
    ...{ ...gain, figure: ledger.figure(gain.source) },
  }));
  if (gains.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'What training gives' },
      why: 'The study has no model that was asked both with an adapter and without one.',
      command: 'dramatis study run',
    };
  const { tested, words } = corrected(gains, ledger);
  const sorted = tested.sort(
    (a, b) => b.figure.value - a.figure.value || (a.trained.label < b.trained.label ? -1 : 1),
  );
  const drawn = sorted.slice(0, mostLines);
  const end = axisEnd(drawn.map(({ figure }) => figure));
  return {
    ...{ kind: 'drawn', name },
    title: gainTitle(sorted[0]!, gains, ledger),
    caption: say`Adapter against prompt on the same items, so that right of the line is better; filled marks differ from nothing.${words}${cutText(drawn.length, sorted.length, 'comparisons')} ${intervals} ${madeOf(shape)}`,
    table: sorted.map(({ task, trained, source, figure, p }) => ({
      ...tableRow(task, trained.label, source, figure),
      'p after Holm': p,
    })),
    svg: dotRows({
      label: 'What training changes, task by task',
      axis: 'better by, in the unit of the task',
      groups: drawn.map(({ task, trained, figure, p }) => ({
        ...{ name: taskName(task), anchors: [] },
        lines: [changeLine(trained, figure, p)],
      })),
      ...{ domain: [-end, end], rules: [0] },
      // A mark is filled where it differs from nothing: the key shows letters alone.
      entries: entriesOf(shape.series.filter(({ isTrained }) => isTrained)).map((entry) => ({
        ...{ ...entry, isFilled: false },
      })),
    }),
  };
}

/**
 * Comparisons with their p after Holm's correction over all of them, and what is said of it. Where one is over several
 * characters no p is known of any.
 */
export function corrected<Compared extends Pick<TrainingGain, 'source'>>(
  compared: readonly Compared[],
  ledger: Ledger,
): { readonly tested: (Compared & { readonly p: number | null })[]; readonly words: Phrase } {
  const family = compared.flatMap(({ source }) =>
    source.of.length === 1 && source.of[0]?.kind === 'difference' ? [source.of[0]] : [],
  );
  const isKnown = family.length === compared.length;
  const source = { kind: 'holm', family } as const;
  const words = isKnown
    ? say` After Holm’s correction ${ledger.value(source, 'whole')} of ${ledger.n(source)} have a p under 0.05 (*).`
    : plain('');
  const ps = isKnown ? ledger.corrected(family) : [];
  return { tested: compared.map((one, i) => ({ ...one, p: ps[i] ?? null })), words };
}

/** The line of a comparison with nothing: filled if it differs, with a star if it does so after correction. */
export const changeLine = (series: Series, figure: Figure, p: number | null) => ({
  mark: series.letter,
  dots: [{ ...dotOf(series, figure), isFilled: sideOf(figure) !== 0 }],
  note: `${shownSigned(figure.value, '')}${p !== null && p < 0.05 ? ' *' : ''}`,
});

/** Where an axis about zero ends: at the widest interval, in steps of a twentieth. */
export function axisEnd(figures: readonly Figure[]): number {
  const ends = figures.flatMap(({ value, low, high }) => [value, low, high]).map(Math.abs);
  const reach = Math.max(0.05, ...ends.filter(Number.isFinite));
  return Math.ceil(reach * 20) / 20;
}

function gainTitle(
  first: TrainingGain & { readonly figure: Figure },
  gains: readonly TrainingGain[],
  ledger: Ledger,
): Phrase {
  const { task, trained, source, figure } = first;
  const number = say`${ledger.withInterval(source, 'signed')}, ${sampleOf(source, ledger)}`;
  const of = gains.map((gain) => gain.source);
  if (sideOf(figure) !== 1)
    return say`None of ${ledger.n({ kind: 'count', of, side: 1 })} comparisons shows that training helps; the largest gain, which may be chance, is that of ${trained.label} in ${taskWords(task)} (${number})`;
  return say`Training helps ${trained.label} most in ${taskWords(task)} (${number})`;
}

/** Says that a figure shows the first of more than it has room for. */
export const cutText = (drawn: number, all: number, what: string, how = 'are drawn'): string =>
  drawn < all ? ` The first ${drawn} of ${all} ${what} ${how}; the CSV has all.` : '';

const entriesOf = (series: readonly Series[]) =>
  series.map(({ letter, label, isTrained }) => ({
    ...{ symbol: 'circle' as const, isFilled: isTrained, text: `${letter}  ${label}` },
  }));

const dotOf = ({ isTrained }: Series, { value, low, high }: Figure): RowDot => ({
  ...{ value, symbol: 'circle', isFilled: isTrained },
  ...(low < high && { low, high }),
});

const noteOf = ({ value, n }: Figure): string => `${shown(value, '')}  n ${n}`;

function anchorsOf({ series }: StudyShape, task: AskedTask, ledger: Ledger): DotGroup['anchors'] {
  const chance = task.metric.floor;
  const floor = chance === undefined ? [] : [{ name: 'chance', value: chance, isTick: true }];
  const known = controls.flatMap((row) => {
    const source = series.map((one) => scoreOf(one, task, row)).find((one) => one !== undefined);
    return source ? [{ name: row, value: ledger.figure(source).value }] : [];
  });
  return [...floor, ...known.filter(({ value }) => Number.isFinite(value)).slice(0, 2)];
}

export function tableRow(task: AskedTask, series: string, source: MeanSource, figure: Figure) {
  const { value, low, high, n } = figure;
  return {
    ...{ task: task.name, metric: task.metric.name, unit: task.metric.unit, series },
    ...{ value, low, high, n, number: idOf(source) },
  };
}

/** The models and plays that a figure is made from, by the first digits of their hashes. */
export function madeOf({ models, series }: StudyShape): Phrase {
  const plays = new Map(
    series.flatMap(({ evaluations }) =>
      evaluations.map(({ results: { play } }) => [play.id, play.sha256.slice(0, 8)] as const),
    ),
  );
  const parts = [
    ...models.map(({ name, sha256 }) => `${name} ${sha256.slice(0, 8)}`),
    ...[...plays].map(([id, hash]) => `${id} ${hash}`),
  ];
  return plain(`sha256: ${parts.join(', ')}.`);
}
