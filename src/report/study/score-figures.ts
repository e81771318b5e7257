import { type DotGroup, dotRows, type RowDot } from '../bench/dot-rows.ts';
import { shown, shownSigned } from '../bench/number.ts';
import { idOf, joined, type Ledger, type Phrase, plain, say } from './ledger.ts';
import {
  type CountSource,
  type Figure,
  type MeanSource,
  type NumberSource,
  sideOf,
} from './number-source.ts';
import type { StudyFigure } from './study-figure.ts';
import { type AskedTask, gainOf, type Series, type StudyShape, scoreOf } from './study-shape.ts';

/** Controls that are drawn as lines, where a task has them: what needs no model. */
const controls = ['naive Bayes', 'word overlap', 'majority', 'nothing', 'empty'];

const intervals =
  'The bar is the 95 % interval: over scenes for one character, over characters for several.';

/** Each task whose figure is a share: every model with every recipe. */
export function scoreFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const tasks = shape.tasks.filter(({ metric }) => metric.unit === 'share');
  const table: Record<string, string | number | null>[] = [];
  const groups = tasks.flatMap((task): DotGroup[] => {
    const lines = shape.series.flatMap((series) => {
      const source = scoreOf(series, task);
      if (!source) return [];
      const figure = ledger.figure(source);
      table.push(tableRow(task, series.label, source, figure));
      return [{ mark: series.letter, dots: [dotOf(series, figure)], note: noteOf(figure) }];
    });
    return lines.length > 0
      ? [{ name: taskName(task), lines, anchors: anchorsOf(shape, task, ledger) }]
      : [];
  });
  const name = 'score-by-task';
  if (groups.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'Scores by task' },
      why: 'No evaluation of the study asked a task whose figure is a share.',
      command: 'dramatis study run',
    };
  return {
    ...{ kind: 'drawn', name, table },
    title: scoreTitle(shape, tasks, ledger),
    caption: say`Each line is a model with a recipe, named by its letter; filled marks are trained. ${intervals} Broken lines are what needs no model. Further right is better. ${madeOf(shape)}`,
    svg: dotRows({
      label: `Scores of ${tasks.map(({ name: task }) => task).join(', ')} for ${shape.series.map(({ label }) => label).join('; ')}`,
      axis: 'share',
      ...{ groups, domain: [0, 1], rules: [0.5] },
      entries: entriesOf(shape.series),
    }),
  };
}

function scoreTitle(shape: StudyShape, tasks: readonly AskedTask[], ledger: Ledger): Phrase {
  const [small, large] = smallAndLarge(shape);
  // Where less is better an interval above zero is no gain.
  const rising = tasks.filter(({ metric }) => metric.higherIsBetter !== false);
  const of = small && large ? rising.flatMap((task) => gainOf(large, small, task) ?? []) : [];
  if (!small || !large || of.length === 0) return firstScore(shape, tasks, ledger);
  const [above, below] = ([1, -1] as const).map(
    (side): CountSource => ({ kind: 'count', of, side }),
  );
  return say`${large.model} is above ${small.model} in ${ledger.value(above!, 'whole')} and below it in ${ledger.value(below!, 'whole')} of ${ledger.n(above!)} tasks; in the others the two cannot be told apart`;
}

function firstScore(shape: StudyShape, tasks: readonly AskedTask[], ledger: Ledger): Phrase {
  for (const task of tasks)
    for (const series of shape.series) {
      const source = scoreOf(series, task);
      if (source)
        return say`${series.label} reaches ${ledger.withInterval(source)} in ${taskName(task)} (n = ${ledger.n(source)})`;
    }
  return plain('Scores by task');
}

/** What each training gives, task by task, against the same model prompted; sorted by how much. */
export function gainFigure(shape: StudyShape, ledger: Ledger): StudyFigure {
  const name = 'gain-of-training';
  const pairs = shape.series.flatMap((trained) => {
    const prompted = promptedOf(shape, trained);
    if (!trained.isTrained || !prompted) return [];
    return shape.tasks.flatMap((task) => {
      const source = gainOf(trained, prompted, task);
      return source ? [{ task, trained, source, figure: ledger.figure(source) }] : [];
    });
  });
  if (pairs.length === 0)
    return {
      ...{ kind: 'left out', name, title: 'What training gives' },
      why: 'The study has no model that was asked both with an adapter and without one.',
      command: 'dramatis study run',
    };
  const better = pairs.map((pair) => ({ ...pair, gain: asGain(pair.task, pair.figure) }));
  const sorted = better.sort(
    (a, b) => b.gain.value - a.gain.value || (a.trained.label < b.trained.label ? -1 : 1),
  );
  const family = pairs.flatMap(({ source }) =>
    source.of.length === 1 && source.of[0]?.kind === 'difference' ? [source.of[0]] : [],
  );
  const isFamily = family.length === pairs.length;
  const pOf = ({ of: [difference] }: MeanSource): number | null => {
    if (!isFamily || difference?.kind !== 'difference') return null;
    return ledger.figure({ kind: 'holm', family, which: family.indexOf(difference) }).value;
  };
  const reach = Math.max(
    0.05,
    ...sorted
      .flatMap(({ gain }) => [Math.abs(gain.low), Math.abs(gain.high)])
      .filter(Number.isFinite),
  );
  const end = Math.min(1, Math.ceil(reach * 20) / 20);
  const [first] = sorted;
  return {
    ...{ kind: 'drawn', name },
    title: gainTitle(
      first!,
      pairs.map(({ source }) => source),
      ledger,
    ),
    caption: say`Adapter less prompt on the same items, so that right of the line is better${isFamily ? ' (* p under 0.05 after Holm over all lines)' : ''}. ${intervals} Beyond ${shown(end, '')} the axis is cut. ${madeOf(shape)}`,
    table: sorted.map(({ task, trained, source, figure }) => ({
      ...tableRow(task, trained.label, source, figure),
      'p after Holm': pOf(source),
    })),
    svg: dotRows({
      label: 'What training changes, task by task',
      axis: 'better by',
      groups: sorted.map(({ task, trained, source, gain }) => ({
        name: taskName(task),
        anchors: [],
        lines: [
          {
            mark: trained.letter,
            dots: [{ ...dotOf(trained, gain), isFilled: sideOf(gain) !== 0 }],
            note: `${shownSigned(gain.value, '')}${(pOf(source) ?? 1) < 0.05 ? ' *' : ''}`,
          },
        ],
      })),
      ...{ domain: [-end, end], rules: [0] },
      entries: entriesOf(shape.series.filter(({ isTrained }) => isTrained)),
    }),
  };
}

function gainTitle(
  first: {
    readonly task: AskedTask;
    readonly trained: Series;
    readonly source: MeanSource;
    readonly figure: Figure;
  },
  of: readonly NumberSource[],
  ledger: Ledger,
): Phrase {
  const { task, trained, source, figure } = first;
  const number = say`${ledger.withInterval(source, 'signed')}, n = ${ledger.n(source)}`;
  const count = ledger.n({ kind: 'count', of, side: 1 });
  if (sideOf(figure) === 0)
    return say`Of ${count} comparisons none shows that training helps: the largest gain is in ${taskName(task)} (${number})`;
  return say`Training helps ${trained.label} most in ${taskName(task)} (${number})`;
}

/** Quality of every series against the size of its model. */
export function promptedOf({ series }: StudyShape, { model }: Series): Series | undefined {
  return series.find((one) => one.model === model && !one.isTrained);
}

/** The smallest and the largest model, both as they are; undefined for a study of one model. */
export function smallAndLarge(shape: StudyShape): [small?: Series, large?: Series] {
  const prompted = shape.series.filter(({ isTrained }) => !isTrained);
  const [first, last] = [prompted[0], prompted.at(-1)];
  return first && last && first.model !== last.model ? [first, last] : [];
}

/** "know: right". */
export const taskName = ({ name, metric }: AskedTask): string => `${name}: ${metric.name}`;

/** A difference turned so that more is better. */
export function asGain({ metric }: AskedTask, figure: Figure): Figure {
  if (metric.higherIsBetter !== false) return figure;
  return { value: -figure.value, low: -figure.high, high: -figure.low, n: figure.n };
}

export const entriesOf = (series: readonly Series[]) =>
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

function tableRow(
  task: AskedTask,
  series: string,
  source: MeanSource,
  { value, low, high, n }: Figure,
) {
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
  return joined([plain(`sha256: ${parts.join(', ')}.`)]);
}
