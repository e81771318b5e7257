import type { Row } from '../row.ts';
import { meanDraws, statisticDraws } from './cluster-bootstrap.ts';
import { type LeaveOneOut, leaveOneOut, meanLeaveOneOut, minus } from './jackknife.ts';
import { byScene } from './scenes.ts';

/** A figure with all that its uncertainty is worked out from. */
export interface Figure {
  /** Scene by scene. */
  readonly leaveOneOut: LeaveOneOut;
  /** In draws of scenes: in one place of both arrays the same scenes were drawn for any two figures on them. */
  readonly draws: () => Float64Array;
}

/** The mean of values, given scene by scene. */
export function meanFigure(scenes: readonly (readonly number[])[]): Figure {
  const sums = scenes.map((values) => values.reduce((sum, value) => sum + value, 0));
  const counts = scenes.map((values) => values.length);
  return { leaveOneOut: meanLeaveOneOut(scenes), draws: () => meanDraws(sums, counts) };
}

/** A statistic of rows, and what they weigh in it. */
export interface Statistic<R> {
  readonly of: (rows: readonly R[]) => number;
  readonly weight?: ((row: R) => number) | undefined;
}

/** Those of the rows that have a part in a statistic. */
export function weighing<R>(rows: readonly R[], { weight }: Statistic<R>): readonly R[] {
  return weight ? rows.filter((row) => weight(row) > 0) : rows;
}

/** A statistic of rows. Remembered as long as the rows are: each stands in an estimate and in several differences. */
export function statisticFigure<R extends Row>(
  rows: readonly R[],
  statistic: Statistic<R>,
): Figure {
  const { of } = statistic;
  let known = figures.get(rows);
  if (!known) {
    known = new Map();
    figures.set(rows, known);
  }
  let figure = known.get(of);
  if (!figure) {
    figure = newStatisticFigure(rows, statistic);
    known.set(of, figure);
  }
  return figure;
}
const figures = new WeakMap<readonly Row[], Map<unknown, Figure>>();

function newStatisticFigure<R extends Row>(rows: readonly R[], statistic: Statistic<R>): Figure {
  const { of, weight } = statistic;
  const scenes = byScene(weighing(rows, statistic));
  let draws: Float64Array | undefined;
  return {
    leaveOneOut: leaveOneOut(scenes, of, weight),
    draws: () => {
      draws ??= statisticDraws(scenes, of);
      return draws;
    },
  };
}

/** One figure minus another on the same items. */
export function differenceFigure(a: Figure, b: Figure): Figure {
  return {
    leaveOneOut: minus(a.leaveOneOut, b.leaveOneOut),
    draws: () => {
      const others = b.draws();
      return a.draws().map((value, draw) => value - others[draw]!);
    },
  };
}
