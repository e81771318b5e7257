import { detectableOf } from './difference.ts';

/** How a task's values spread: measured once with a baseline that needs no model, or assumed. */
export interface Spread {
  /** Standard deviation of an item's value; .5 is the most that a share has. */
  readonly sd: number;
  /** Share of the variance that the items of a scene have in common (intraclass correlation). */
  readonly scene: number;
  /** Share that the scenes of a play have in common. */
  readonly play: number;
}

export interface Power {
  readonly items: number;
  readonly scenes: number;
  readonly plays: number;
  /** What the intervals are clustered by: plays where there are several, else scenes. */
  readonly clusters: number;
  /** Items that would tell as much if they were independent. */
  readonly nEff: number;
  /** Standard error of one model's figure; NaN with one cluster. */
  readonly stderr: number;
  /** Least distance from a known figure, such as a floor, that would be seen in 80 of 100 runs; NaN under three clusters. */
  readonly fromFloor: number;
  /** Least difference between two models on the same items that would be. */
  readonly fromModel: number;
}

/** With fewer clusters nothing tells how much they differ. */
const fewestClusters = 3;

/**
 * What a run could tell, from its items alone: before anything is asked.
 *
 * A play's figure is the mean of its items, in which those of a scene go partly together; over several plays each counts
 * alike, and plays differ by themselves.
 *
 * @param plays Items of each scene of each play; plays and scenes without any are left out.
 * @param alike Correlation of two models' values on the same item: what makes a difference easier to see than a figure.
 * @throws {RangeError} If `alike` is not from 0 to below 1, or a part of the spread is negative.
 * @see Kish, "Survey Sampling", 1965, for the design effect.
 */
export function powerOf(
  plays: readonly (readonly number[])[],
  { sd, scene, play }: Spread,
  alike: number,
): Power {
  if (!(alike >= 0 && alike < 1)) throw new RangeError(`alike is ${alike}; 0 to below 1 is wanted`);
  if (!(sd >= 0 && scene >= 0 && play >= 0 && scene + play <= 1))
    throw new RangeError(`the spread is sd ${sd}, scene ${scene}, play ${play}`);
  const asked = plays.map((scenes) => scenes.filter((n) => n > 0)).filter((one) => one.length > 0);
  const items = sum(asked.flat());
  const scenes = asked.flat().length;
  const isMany = asked.length > 1;
  const clusters = isMany ? asked.length : scenes;
  // The variance of a play's figure about what that play would give with all the scenes it might have.
  const within = asked.map((sizes) => {
    const n = sum(sizes);
    const together = sum(sizes.map((size) => size ** 2)) / n ** 2;
    return sd ** 2 * ((1 - scene - play) / n + scene * together);
  });
  const between = isMany ? play * sd ** 2 : 0;
  const variance = (between + sum(within) / asked.length) / asked.length;
  const stderr = clusters < 2 ? Number.NaN : Math.sqrt(variance);
  const isTold = clusters >= fewestClusters;
  const fromFloor = isTold ? detectableOf(stderr, clusters - 1) : Number.NaN;
  return {
    items,
    scenes,
    plays: asked.length,
    clusters,
    nEff: items === 0 ? 0 : Math.min(items, sd ** 2 / variance),
    stderr,
    fromFloor,
    fromModel: fromFloor * Math.sqrt(2 * (1 - alike)),
  };
}

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
