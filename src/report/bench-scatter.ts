import { dot, line, link, ruleY, text } from '@observablehq/plot';
import { groundOf, leversOf, type MarkedRun } from './bench-run.ts';
import { commonTasks, composite, type Point } from './bench-scale.ts';
import { chart } from './chart.ts';

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
  /** What the x axis starts and ends with at least; for shares 0 and 1. */
  readonly domain?: readonly [number, number];
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
    text: `${run.letter}  ${run.label}`,
    series: JSON.stringify([groundOf(run), leversOf(run)]),
  }));
  const stroke = { stroke: 'var(--ink)', strokeWidth: 1.3 };
  const joined = [...data].sort((a, b) => a.x - b.x);
  return chart(options.label, {
    height: 330,
    marginLeft: 60,
    marginRight: 170,
    marginBottom: 48,
    inset: 14,
    x: {
      label: options.axis,
      labelAnchor: 'center',
      labelArrow: 'none',
      type: options.isLog ? 'log' : 'linear',
      ...(options.isLog ? { tickFormat: '~s', ticks: 5 } : {}),
      ...(options.domain ? { domain: [...options.domain] } : {}),
    },
    y: { label: 'composite score', grid: true, labelArrow: 'none', ...yDomain(points) },
    marks: [
      ruleY([0], { stroke: 'var(--rule)', strokeWidth: 1.5 }),
      ...(options.isJoined
        ? [
            line(joined, {
              x: 'x',
              y: 'y',
              z: 'series',
              stroke: 'var(--soft)',
              strokeDasharray: '4,3',
            }),
          ]
        : []),
      link(data, { x: 'x', y1: 'low', y2: 'high', ...stroke }),
      link(data, { x1: 'xLow', x2: 'xHigh', y: 'y', ...stroke }),
      dot(data, {
        x: 'x',
        y: 'y',
        symbol: 'symbol',
        r: 5,
        fill: 'var(--accent)',
        stroke: 'var(--accent)',
      }),
      text(data, { x: 'x', y: 'y', dx: 10, dy: -9, textAnchor: 'start', text: 'text' }),
    ],
  });
}

function yDomain(points: readonly ScatterPoint[]) {
  const ends = points.flatMap(({ y }) => [y.low, y.high]);
  return { domain: [Math.min(0, ...ends), Math.max(0.5, ...ends)] };
}
