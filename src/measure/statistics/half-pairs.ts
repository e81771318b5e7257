import { meanLeaveOneOut, stderrOf } from './jackknife.ts';
import { studentQuantile } from './student.ts';

/** With fewer pairs that are not like the rest, the scenes do not show how much the difference might vary. */
const fewestToShow = 10;

/**
 * The interval of a mean of paired differences of figures that are 0 or 1, where nearly all pairs are alike: draws of
 * scenes would then hardly differ, and say that the difference is known for sure. So half a pair is added for each way
 * in which a pair can come out: both right, both wrong, and one right on either side.
 *
 * @param scenes Differences, scene by scene.
 * @returns      Undefined where the pairs are mixed enough, where there is one scene only, or where a difference is not
 *               −1, 0 or 1, as against a row that holds expectations.
 * @see Agresti and Min, "Simple improved confidence intervals for comparing matched proportions", 2005.
 */
export function halfPairs(
  scenes: readonly (readonly number[])[],
): { low: number; high: number; stderr: number } | undefined {
  const pairs = scenes.flat();
  if (pairs.some((pair) => pair !== 0 && Math.abs(pair) !== 1)) return undefined;
  const count = (d: number) => pairs.filter((pair) => pair === d).length;
  const [better, worse, alike] = [count(1), count(-1), count(0)];
  if (scenes.length < 2 || pairs.length - Math.max(better, worse, alike) >= fewestToShow)
    return undefined;
  const n = pairs.length + 2;
  const independent = Math.sqrt(better + worse + 1 - (better - worse) ** 2 / n) / n;
  const stderr = Math.max(independent, stderrOf(meanLeaveOneOut(scenes)));
  const value = (better - worse) / pairs.length;
  const reach = studentQuantile(0.975, scenes.length - 1) * stderr;
  return { low: Math.max(-1, value - reach), high: Math.min(1, value + reach), stderr };
}
