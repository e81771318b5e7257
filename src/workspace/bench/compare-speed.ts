import type { Measured } from '../../engine/bench/measured.ts';
import { type MedianRatio, medianRatio } from '../../measure/statistics/median-ratio.ts';
import type { SpeedFile } from './speed-file.ts';

/** One thing that two files have measured. */
export interface SpeedComparison extends MedianRatio {
  readonly row: Measured;
  readonly verdict: 'better' | 'worse' | 'cannot tell' | 'other';
}

/** Two runs set against each other. */
export interface SpeedComparisons {
  readonly rows: readonly SpeedComparison[];
  /** What differs besides the program, as a reader would say it; empty where the ratios are of the program alone. */
  readonly differences: readonly string[];
}

/** Everything that both have, as the median of the first over that of the second. */
export function compareSpeed(
  now: Pick<SpeedFile, 'machine' | 'model' | 'threads' | 'gpu' | 'rows'>,
  before: Pick<SpeedFile, 'machine' | 'model' | 'threads' | 'gpu' | 'rows'>,
): SpeedComparisons {
  const known = new Map(before.rows.map((row) => [keyOf(row), row]));
  const rows = now.rows.flatMap((row): SpeedComparison[] => {
    const other = known.get(keyOf(row));
    if (other === undefined) return [];
    const found = medianRatio(row.samples, other.samples);
    return [{ row, ...found, verdict: verdictOf(row, found) }];
  });
  const differs = (what: string, a: unknown, b: unknown): string[] =>
    JSON.stringify(a) === JSON.stringify(b) ? [] : [`${what}: ${a} here, ${b} there`];
  return {
    rows,
    differences: [
      ...differs('processor', now.machine.cpu, before.machine.cpu),
      ...differs('kind', now.machine.family, before.machine.family),
      ...differs('cores', now.machine.cores, before.machine.cores),
      ...differs('model', now.model.sha256.slice(0, 12), before.model.sha256.slice(0, 12)),
      ...differs('threads', now.threads, before.threads),
      ...differs('gpu', now.gpu, before.gpu),
    ],
  };
}

/** What says that two rows are of the same thing. */
const keyOf = ({ bench, what, unit, at }: Measured): string =>
  JSON.stringify([bench, what, unit, Object.entries(at).sort(([a], [b]) => (a < b ? -1 : 1))]);

function verdictOf(
  { higherIsBetter }: Measured,
  { interval }: MedianRatio,
): SpeedComparison['verdict'] {
  if (interval === null || (interval[0] <= 1 && interval[1] >= 1)) return 'cannot tell';
  if (higherIsBetter === null) return 'other';
  return interval[0] > 1 === higherIsBetter ? 'better' : 'worse';
}
