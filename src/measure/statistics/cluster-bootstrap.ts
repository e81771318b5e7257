import { normalCdf } from './normal.ts';
import { prng } from './prng.ts';
import { studentQuantile } from './student.ts';

export const mostDraws = 10_000;
/** A statistic that wants to see the rows themselves gets fewer draws the more rows there are, but at least so many. */
const leastDraws = 1_000;
const rowsShown = 250_000;

/**
 * Which scenes each draw is made of: as many as there are, with replacement. The same for the same number of scenes,
 * so that two subjects on the same scenes are always drawn together.
 *
 * @returns Indices, draws × scenes; not to be changed.
 */
function sceneDraws(scenes: number): Uint16Array {
  let drawn = drawnBefore.get(scenes);
  if (!drawn) {
    const random = prng(scenes);
    drawn = Uint16Array.from({ length: mostDraws * scenes }, () => Math.floor(random() * scenes));
    drawnBefore.set(scenes, drawn);
  }
  return drawn;
}
const drawnBefore = new Map<number, Uint16Array>();

/** The mean of all values in each of 10,000 draws of scenes, from the sum and the number of each scene's values. */
export function meanDraws(sums: ArrayLike<number>, counts: ArrayLike<number>): Float64Array {
  const drawn = sceneDraws(sums.length);
  const means = new Float64Array(mostDraws);
  let at = 0;
  for (let draw = 0; draw < mostDraws; draw++) {
    let sum = 0;
    let n = 0;
    for (let k = 0; k < sums.length; k++) {
      const scene = drawn[at++]!;
      sum += sums[scene]!;
      n += counts[scene]!;
    }
    means[draw] = sum / n;
  }
  return means;
}

/**
 * Any statistic in each of the first draws of scenes: 10,000 where the rows are few, 1,000 where they are 250 or more.
 * The rows of a scene are shown as often as the scene was drawn.
 */
export function statisticDraws<R>(
  scenes: readonly (readonly R[])[],
  of: (rows: readonly R[]) => number,
): Float64Array {
  const n = scenes.reduce((sum, scene) => sum + scene.length, 0);
  const draws = Math.max(leastDraws, Math.min(mostDraws, Math.floor(rowsShown / n)));
  const drawn = sceneDraws(scenes.length);
  return Float64Array.from({ length: draws }, (_, draw) => {
    const rows: R[] = [];
    for (let k = 0; k < scenes.length; k++)
      for (const row of scenes[drawn[draw * scenes.length + k]!]!) rows.push(row);
    return of(rows);
  });
}

/**
 * The 95 % interval that a bootstrap's draws give, by the expanded percentile: as far out among the draws as a
 * normal distribution with the draws' spread has to be cut to match Student's t of `stderr`.
 *
 * Plain percentiles are too narrow with few scenes, for three reasons that this makes good: draws spread by too
 * little, the more so the more uneven the scenes are; they know nothing of the doubt about the spread itself; and
 * that doubt is larger where a few scenes hold most items. Measured over normal and skewed values and shares of a half
 * and three quarters, with correlations within scenes of 0 to 0.15 and scenes of the sizes of Hamlet (20) and Macbeth
 * (28), it holds the truth in 93.5 to 97.2 of 100 runs; with those held out of them (7 each) in 90 to 98, where plain
 * percentiles do in 79 to 88. Shares of nine tenths are harder: 92 to 97, and 85 to 97 with seven scenes. Like the
 * draws themselves it stays where the figure can be.
 *
 * @param draws   Of the figure; those that are NaN are left out.
 * @param stderr  See `stderrOf`.
 * @param freedom Degrees of freedom of `stderr`.
 * @see Hesterberg, "What teachers should know about the bootstrap", 2015.
 */
export function expandedPercentile(
  draws: Float64Array,
  stderr: number,
  freedom: number,
): [low: number, high: number] {
  const sorted = toldInOrder(draws);
  const spread = deviation(sorted);
  const wider = spread > 0 ? Math.max(1, stderr / spread) : 1;
  const outside = normalCdf(-studentQuantile(0.975, freedom) * wider);
  return [quantile(sorted, outside), quantile(sorted, 1 - outside)];
}

/** Those that are not NaN, which sorting puts last. */
function toldInOrder(draws: Float64Array): Float64Array {
  const sorted = draws.toSorted();
  let told = sorted.length;
  while (told > 0 && Number.isNaN(sorted[told - 1]!)) told--;
  return sorted.subarray(0, told);
}

/** Between the two nearest of sorted values. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

/** A loop rather than two folds: this runs over 10,000 draws for every figure of a report. */
function deviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
