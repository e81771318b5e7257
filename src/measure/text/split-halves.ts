import { prng, shuffled } from '../statistics/prng.ts';
import {
  cosine,
  countWords,
  norm,
  unit,
  type WordCounts,
  type WordScale,
  zScores,
} from './delta.ts';
import { Directions } from './directions.ts';

/** How often the speaker's words are halved. */
const halvings = 100;

/** Words of one speech, and the scene it is in. */
export interface SceneText {
  readonly scene: string;
  readonly words: readonly string[];
}

/**
 * How near a speaker is to themself: their scenes are halved at random many times, and a sample of one half is compared
 * with the other half by cosine Delta.
 */
export class SplitHalves {
  readonly #scale: WordScale;
  /** Directions of length 1, by halving: those of its first half. */
  readonly #profiles: Directions;
  /** By halving: how near a sample of its second half is to its first, as a cosine. */
  readonly #itself: readonly number[];

  /**
   * @param speeches    All that the speaker says; halved by scenes, or by speeches if all are in one scene.
   * @param sampleWords Words of the samples, about: as many as of the texts to be judged.
   */
  constructor(speeches: readonly SceneText[], scale: WordScale, sampleWords: number, seed: number) {
    const random = prng(seed);
    const units = unitsOf(speeches, scale);
    const half = totalOf(units.flat()) / 2;
    const pairs = Array.from({ length: halvings }, () => {
      const order = shuffled(units, random);
      const middle = Math.min(filledBy(order.map(totalOf), half), order.length - 1);
      const profile = unit(zScores(order.slice(0, middle).flat(), scale));
      const others = shuffled(order.slice(middle).flat(), random);
      const sample = others.slice(
        0,
        filledBy(
          others.map(({ total }) => total),
          sampleWords,
        ),
      );
      return { profile, itself: cosine(zScores(sample, scale), profile) };
    });
    this.#scale = scale;
    this.#profiles = new Directions(
      pairs.map(({ profile }) => profile),
      scale,
    );
    this.#itself = pairs.map(({ itself }) => itself);
  }

  /**
   * In which share of the halvings texts, pooled, are nearer to the one half than a sample of the other half is: .5 on
   * average for the speaker's own words, less for others', more for a caricature.
   */
  percentile(pooled: readonly WordCounts[]): number {
    const length = norm(zScores(pooled, this.#scale));
    const products = this.#profiles.products(pooled);
    let nearer = 0;
    for (let i = 0; i < products.length; i++) {
      const similarity = length === 0 ? 0 : products[i]! / length;
      if (similarity > this.#itself[i]!) nearer++;
      else if (similarity === this.#itself[i]) nearer += 0.5;
    }
    // As if drawn with one more that it ties with: a sample of halvings shows nothing to be impossible.
    return (nearer + 0.5) / (halvings + 1);
  }
}

/** What is never taken apart: the speeches of a scene, or each speech if there is one scene only. */
function unitsOf(speeches: readonly SceneText[], scale: WordScale): WordCounts[][] {
  const scenes = new Map<string, WordCounts[]>();
  for (const { scene, words } of speeches) {
    const counts = countWords(words, scale);
    scenes.set(scene, [...(scenes.get(scene) ?? []), counts]);
  }
  const units = [...scenes.values()];
  return units.length > 1 ? units : units.flat().map((counts) => [counts]);
}

const totalOf = (unit: readonly WordCounts[]): number =>
  unit.reduce((sum, { total }) => sum + total, 0);

/** How many of the amounts, in order, it takes to come to a sum; at least one. */
function filledBy(amounts: readonly number[], sum: number): number {
  let left = sum;
  const last = amounts.findIndex((amount) => {
    left -= amount;
    return left <= 0;
  });
  return last < 0 ? amounts.length : last + 1;
}
