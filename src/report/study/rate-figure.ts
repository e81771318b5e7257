import { dot, line, link, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { idOf, type Ledger, type Phrase, plain, say } from './ledger.ts';
import type { Figure, MeanSource, SpeedSource } from './number-source.ts';
import { madeOf } from './score-figures.ts';
import { topOf } from './size-figure.ts';
import type { StudyData } from './study-data.ts';
import type { StudyFigure } from './study-figure.ts';
import {
  type AskedTask,
  keyOf,
  leadingTask,
  type Series,
  type StudyShape,
  scoreOf,
  shortName,
  taskName,
  taskWords,
} from './study-shape.ts';

/** The first task of the study against tokens generated a second, with a step below which nothing is worth its wait. */
export function rateFigure(
  shape: StudyShape,
  { speeds }: Pick<StudyData, 'speeds'>,
  ledger: Ledger,
): StudyFigure {
  const name = 'quality-by-speed';
  const task = leadingTask(shape.tasks);
  const points = task ? pointsOf(shape, task, speeds, ledger) : [];
  if (!task || new Set(points.map(({ series }) => series.model)).size < 2)
    return {
      ...{ kind: 'left out', name, title: 'Quality against speed' },
      why: 'It takes two models that were asked the same task and timed.',
      command: 'dramatis study plan --models smollm2-135m,qwen2.5-coder-1.5b',
    };
  const best = frontierOf(points);
  const drawn = points.map((point) => ({ ...point, x: beside(point, points) }));
  const rates = points.map(({ x }) => x);
  const [least, most] = [Math.min(...rates) / 1.5, Math.max(...rates) * 1.5];
  return {
    ...{ kind: 'drawn', name },
    title: rateTitle(best, task, ledger),
    caption: say`Each mark is a model with a recipe, named by its letter: ${keyOf(shape.series)}; filled marks are trained. Across: tokens generated a second, the median, timed without an adapter, so that those of one model are as fast and are drawn beside each other. Further up and further right is better; on the orange step lie those that no other is ahead of in both. The bar is the 95 % interval. ${madeOf(shape)}`,
    table: points.map(({ series, rate, score, x, figure: { value, low, high, n } }) => ({
      ...{ series: series.label, 'tokens/s': x, 'number of speed': idOf(rate) },
      ...{ value, low, high, n, number: idOf(score) },
    })),
    svg: chart(`${taskName(task)} against tokens generated a second`, {
      ...{ height: 340, marginLeft: 60, marginRight: 60, marginBottom: 44, marginTop: 30 },
      x: {
        ...{ type: 'log', label: 'tokens generated a second', labelAnchor: 'center' },
        ...{ labelArrow: 'none', domain: [least, most], ticks: 5 },
        tickFormat: (x: number) => x.toLocaleString('en'),
      },
      y: { label: taskName(task), labelArrow: 'none', grid: true, nice: true },
      marks: [
        line(frontierOf(drawn), {
          ...{ x: 'x', y: 'y', curve: 'step-before', stroke: 'var(--second)', strokeWidth: 1.2 },
        }),
        link(
          drawn.filter(({ figure: { low, high } }) => low < high),
          {
            ...{ x: 'x', stroke: 'var(--ink)', strokeWidth: 1.4 },
            y1: ({ figure }: RatePoint) => figure.low,
            y2: ({ figure }: RatePoint) => figure.high,
          },
        ),
        dot(drawn, {
          ...{ x: 'x', y: 'y', r: 5, stroke: 'var(--accent)', strokeWidth: 1.6 },
          fill: ({ series }: RatePoint) => (series.isTrained ? 'var(--accent)' : 'var(--paper)'),
        }),
        text(drawn, {
          ...{ x: 'x', y: ({ figure }: RatePoint) => topOf(figure), dy: -9 },
          text: ({ series }: RatePoint) => series.letter,
        }),
      ],
    }),
  };
}

interface RatePoint {
  readonly series: Series;
  readonly rate: SpeedSource;
  readonly score: MeanSource;
  readonly figure: Figure;
  readonly x: number;
  readonly y: number;
}

function pointsOf(
  { series }: StudyShape,
  task: AskedTask,
  speeds: StudyData['speeds'],
  ledger: Ledger,
): RatePoint[] {
  return series.flatMap((one): RatePoint[] => {
    const score = scoreOf(one, task);
    const rate = rateOf(one.model, speeds);
    if (!score || !rate) return [];
    const [figure, x] = [ledger.figure(score), ledger.figure(rate).value];
    return x > 0 && Number.isFinite(figure.value)
      ? [{ series: one, rate, score, figure, x, y: figure.value }]
      : [];
  });
}

/** Where a mark is drawn: those of one model, which are as fast, stand beside each other. */
function beside({ series, x }: RatePoint, points: readonly RatePoint[]): number {
  const alike = points.filter((one) => one.series.model === series.model);
  const place = alike.findIndex((one) => one.series === series) - (alike.length - 1) / 2;
  return x * 1.06 ** place;
}

/** How fast a model generates, where it was timed. */
function rateOf(model: string, speeds: StudyData['speeds']): SpeedSource | undefined {
  const timed = speeds.find(({ speed }) => shortName(speed.model.name) === model);
  const row = timed?.speed.rows.find(
    ({ unit, what, at }) =>
      unit === 'tokens/s' && what.startsWith('tg') && Object.keys(at).length === 0,
  );
  if (!timed || !row) return undefined;
  return { kind: 'speed', run: timed.task.label, bench: row.bench, what: row.what, at: {} };
}

/** The points that no other is ahead of in both, from slow to fast. */
function frontierOf(points: readonly RatePoint[]): RatePoint[] {
  const sorted = [...points].sort((a, b) => b.x - a.x || b.y - a.y);
  let highest = Number.NEGATIVE_INFINITY;
  return sorted
    .filter(({ y }) => {
      if (y <= highest) return false;
      highest = y;
      return true;
    })
    .reverse();
}

/** The best of all, and the fastest that is worth its speed. */
function rateTitle(best: readonly RatePoint[], task: AskedTask, ledger: Ledger): Phrase {
  const [slow, fast] = [best[0]!, best.at(-1)!];
  const of = ({ series, score, rate }: RatePoint): Phrase =>
    say`${series.label} reaches ${ledger.withInterval(score)} in ${taskWords(task)} (n\u00a0=\u00a0${ledger.n(score)}) at ${ledger.value(rate, 'rate')} tokens a second`;
  const end = slow === fast ? plain(', and nothing is better or faster') : say`, ${of(fast)}`;
  return say`${of(slow)}${end}`;
}
