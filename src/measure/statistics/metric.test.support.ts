import type { Metric } from '../metric.ts';
import type { Item, Row } from '../row.ts';

export const share: Metric = { name: 'right', unit: 'share', higherIsBetter: true, isBinary: true };
export const score: Metric = { name: 'score', unit: 'score', higherIsBetter: true };

/** Rows with one value each, given scene by scene. */
export function rowsOf(name: string, scenes: readonly (readonly number[])[]): Row[] {
  return scenes.flatMap((values, scene) =>
    values.map((value, i) => {
      const place = `1.${scene + 1}.${i + 1}`;
      const item: Item = { id: place, task: 'invented', scene: `1.${scene + 1}`, place };
      return { item, answers: [], values: { [name]: value } };
    }),
  );
}

/** A number from the normal distribution of mean 0 and deviation 1 (Box and Muller). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** So many scenes of 1 to about 60 items, most of them short: the longest hold a good part of all. */
export function sceneSizes(scenes: number, random: () => number): number[] {
  return Array.from({ length: scenes }, () =>
    Math.max(1, Math.round(12 * Math.exp(0.7 * normal(random)))),
  );
}

/**
 * Values of mean 0 and deviation 1; any two of one scene have the correlation given.
 *
 * @param draw A number of mean 0 and deviation 1.
 */
export function correlated(
  sizes: readonly number[],
  correlation: number,
  draw: () => number,
): number[][] {
  return sizes.map((size) => {
    const shared = Math.sqrt(correlation) * draw();
    return Array.from({ length: size }, () => shared + Math.sqrt(1 - correlation) * draw());
  });
}
