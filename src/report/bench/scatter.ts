import { dot, line, link, ruleY, text } from '@observablehq/plot';
import { chart } from '../page/chart.ts';
import { legend, paintOf, runEntries } from './legend.ts';
import { componentsOf, groundOf, type MarkedRun } from './run.ts';
import { commonTasks, composite, type Point } from './scale.ts';

/** A run by something it has (size, speed, exposure) and its composite score. */
export interface ScatterPoint {
  readonly run: MarkedRun;
  readonly x: number;
  readonly xLow?: number;
  readonly xHigh?: number;
  readonly y: Point;
}

export interface ScatterOptions {
  readonly label: string;
  readonly axis: string;
  readonly isLog: boolean;
  /** Text of a tick on the x axis. */
  readonly format: (value: number) => string;
  /** Points are joined where only x differs: same ground, same levers. */
  readonly isJoined: boolean;
}

/** The composite score of every run that has all of `tasks`. */
export function compositesOf(runs: readonly MarkedRun[]): {
  readonly tasks: readonly string[];
  readonly scores: ReadonlyMap<MarkedRun, Point>;
} {
  const tasks = commonTasks(runs);
  const scores = runs.flatMap((run) => {
    const score = composite(run, tasks);
    return score ? [[run, score] as const] : [];
  });
  return { tasks, scores: new Map(scores) };
}

/** Pixels before the frame, and above it for the name of the y axis. */
const [left, above] = [60, 26];

/** Composite score over x: one lettered mark a run, with intervals. */
export function scatter(points: readonly ScatterPoint[], options: ScatterOptions): string {
  const data = points.map(({ run, x, xLow, xHigh, y }) => ({
    x,
    xLow: xLow ?? x,
    xHigh: xHigh ?? x,
    y: y.value,
    low: y.low,
    high: y.high,
    symbol: run.symbol,
    letter: run.letter,
    series: JSON.stringify([groundOf(run), componentsOf(run)]),
  }));
  const key = legend(runEntries(points.map(({ run }) => run)), left, above);
  const stroke = { stroke: 'var(--ink)', strokeWidth: 1.3 };
  return chart(options.label, {
    height: key.height + 300,
    marginTop: key.height,
    marginLeft: left,
    marginRight: 40,
    marginBottom: 48,
    inset: 14,
    x: {
      label: options.axis,
      labelAnchor: 'center',
      labelArrow: 'none',
      type: options.isLog ? 'log' : 'linear',
      ticks: 6,
      tickFormat: options.format,
    },
    y: { label: null, grid: true, ticks: 6, ...yDomain(points) },
    marks: [
      ruleY([0], { stroke: 'var(--rule)', strokeWidth: 1.5 }),
      line(
        [...data].sort((a, b) => a.x - b.x),
        {
          filter: () => options.isJoined,
          x: 'x',
          y: 'y',
          z: 'series',
          stroke: 'var(--soft)',
          strokeDasharray: '4,3',
        },
      ),
      link(data, { x: 'x', y1: 'low', y2: 'high', ...stroke }),
      link(data, { x1: 'xLow', x2: 'xHigh', y: 'y', ...stroke }),
      dot(data, { x: 'x', y: 'y', symbol: 'symbol', r: 5, ...paintOf(true) }),
      text(data, {
        x: 'x',
        y: 'y',
        dx: 9,
        dy: -10,
        text: 'letter',
        stroke: 'var(--paper)',
        strokeWidth: 4,
        fill: 'var(--ink)',
      }),
      text(['composite score'], {
        frameAnchor: 'top-left',
        dx: 8 - left,
        dy: -6,
        textAnchor: 'start',
        lineAnchor: 'bottom',
      }),
      ...key.marks,
    ],
  });
}

function yDomain(points: readonly ScatterPoint[]) {
  const ends = points.flatMap(({ y }) => [y.low, y.high]);
  return { domain: [Math.min(0, ...ends), Math.max(0.5, ...ends)] };
}
