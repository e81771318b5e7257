import { type DotGroup, dotRows, type RowDot } from './dot-rows.ts';
import { type BenchFigure, provenance } from './figure.ts';
import { runEntries } from './legend.ts';
import { shownEstimate } from './number.ts';
import { type Headline, headlineOf, type MarkedRun, tasksOf } from './run.ts';
import { axisOf, pointOf } from './scale.ts';

const name = 'score-by-task';
const title = 'Score by task';

/** The first metric of every task, from its floor (0) to its ceiling (1), with what it is measured by. */
export function scoreFigure(runs: readonly MarkedRun[]): BenchFigure {
  const tasks = tasksOf(runs);
  const groups = tasks.map((task) => groupOf(task, runs)).filter((group) => group !== null);
  if (groups.length === 0) {
    return {
      kind: 'left out',
      name,
      title,
      why: 'No task of these runs has a floor and a ceiling.',
    };
  }
  const drawn = new Set(groups.map((group) => group.task));
  const rest = tasks.filter((task) => !drawn.has(task));
  const several = runs.length > 1 ? ' Only anchors that are the same for all runs are drawn.' : '';
  const left =
    rest.length > 0
      ? ` Not drawn, because they have no floor and ceiling, or no figure: ${rest.join(', ')}.`
      : '';
  return {
    kind: 'drawn',
    name,
    title,
    caption: `Filled marks with intervals are the runs, hollow ones their base model with nothing beside it, a cross the same with the persona; dashed lines are anchors. 0 is what knowing nothing gives, 1 the ceiling, or, where a task declares none, its rows "empty" and "original". The raw figures stand at the right.${several}${left} ${provenance(runs, [...drawn])}`,
    svg: dotRows({
      label: 'Score of each task between its floor and its ceiling',
      axis: 'share of the way from floor to ceiling',
      groups,
      domain: axisOf(groups.flatMap(figuresOf)),
      rules: [0, 1],
      entries: [
        ...runEntries(runs),
        { symbol: runs[0]!.symbol, isFilled: false, text: 'its base model' },
        ...(groups.some(hasPrompted)
          ? [{ symbol: 'times', isFilled: false, text: 'its base model, prompted' } as const]
          : []),
      ],
    }),
  };
}

function groupOf(task: string, runs: readonly MarkedRun[]): (DotGroup & { task: string }) | null {
  const measured = runs.flatMap((run) => {
    const headline = headlineOf(run, task);
    const subject = headline && pointOf(headline.metric, 'subject');
    return headline && subject ? [{ run, headline, subject }] : [];
  });
  if (measured.length === 0) return null;
  return {
    task,
    name: `${task} · ${measured[0]!.headline.metric.metric}`,
    lines: measured.map(({ run, headline: { metric }, subject }) => {
      const [base, prompted] = ['base', 'prompted base'].map((row) => pointOf(metric, row));
      const dots: RowDot[] = [];
      if (base) dots.push({ value: base.value, symbol: run.symbol, isFilled: false });
      if (prompted) dots.push({ value: prompted.value, symbol: 'times', isFilled: false });
      dots.push({ ...subject, symbol: run.symbol, isFilled: true });
      return {
        mark: run.letter,
        dots,
        note: shownEstimate(metric.rows.subject, metric.unit),
      };
    }),
    anchors: sharedAnchors(measured.map(({ headline }) => headline)),
  };
}

const hasPrompted = ({ lines }: DotGroup): boolean =>
  lines.some(({ dots }) => dots.some(({ symbol }) => symbol === 'times'));

/** Rows that are drawn as marks on each run's line. */
const ownRows = new Set(['subject', 'base', 'prompted base']);

/** Anchors that every run has at the same place: with several models those asked of the model differ and would only crowd. */
function sharedAnchors([first, ...others]: readonly Headline[]): DotGroup['anchors'] {
  if (!first) return [];
  return Object.keys(first.metric.rows)
    .filter((row) => !ownRows.has(row))
    .flatMap((row) => {
      const point = pointOf(first.metric, row);
      const isShared = others.every(({ metric }) => {
        const other = pointOf(metric, row);
        return point && other && Math.abs(point.value - other.value) < 5e-4;
      });
      return point && isShared ? [{ name: row, value: point.value }] : [];
    });
}

function figuresOf({ lines, anchors }: DotGroup): number[] {
  const dots = lines.flatMap((line) => line.dots);
  return [
    ...dots.flatMap(({ value, low = value, high = value }) => [value, low, high]),
    ...anchors.map(({ value }) => value),
  ];
}
