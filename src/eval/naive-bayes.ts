import { words } from '../play/words.ts';

/** What a class said is smoothed towards what all said, which weighs as much as so many features. */
const priorWeight = 2000;

/** A text as numbered features: a feature as often as it occurs. */
export type Features = Int32Array;

/**
 * Gives features their numbers, so that texts are read once however many models are trained on them. They are words and
 * character 4-grams unless others are given.
 */
export class FeatureIndex {
  readonly #ids = new Map<string, number>();
  readonly #featuresOf: (text: string) => Iterable<string>;

  constructor(featuresOf: (text: string) => Iterable<string> = wordsAndGrams) {
    this.#featuresOf = featuresOf;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The features of a text; those not met before get new numbers. */
  read(text: string): Features {
    const found: number[] = [];
    for (const name of this.#featuresOf(text)) {
      let id = this.#ids.get(name);
      if (id === undefined) {
        id = this.#ids.size;
        this.#ids.set(name, id);
      }
      found.push(id);
    }
    return Int32Array.from(found);
  }

  /** The features of a text that are known; the others are left out, as they favour no class. */
  known(text: string): Features {
    const found: number[] = [];
    for (const name of this.#featuresOf(text)) {
      const id = this.#ids.get(name);
      if (id !== undefined) found.push(id);
    }
    return Int32Array.from(found);
  }
}

/** Words, marked so that none is taken for a 4-gram, and 4-grams across word borders. */
function* wordsAndGrams(text: string): Generator<string> {
  const list = words(text);
  for (const word of list) yield `w:${word}`;
  const run = ` ${list.join(' ')} `;
  for (let at = 0; at + 4 <= run.length; at++) yield run.slice(at, at + 4);
}

/**
 * How often classes have each feature. Counts can be taken out again, so that a model of all scenes but
 * one costs no more than that one scene.
 */
export class ClassCounts {
  readonly #counts: Float64Array[];
  readonly #totals: Float64Array;
  readonly #texts: Float64Array;
  readonly classes: number;
  #seen = 0;

  /** @param features An upper bound for the numbers of the features that are added or asked about. */
  constructor(classes: number, features: number) {
    this.classes = classes;
    this.#counts = Array.from({ length: classes }, () => new Float64Array(features));
    this.#totals = new Float64Array(classes);
    this.#texts = new Float64Array(classes);
  }

  /** @param times 1 to add the text, −1 to take it out. */
  add(which: number, text: Features, times: 1 | -1 = 1): void {
    const counts = this.#counts[which]!;
    for (const feature of text) counts[feature]! += times;
    this.#totals[which]! += times * text.length;
    this.#texts[which]! += times;
    this.#seen += times * text.length;
  }

  /**
   * Log-likelihood of a text under each class, in nats: multinomial, with Dirichlet smoothing towards the
   * counts of all classes. Features that no class has are left out.
   */
  logLikelihoods(text: Features): Float64Array {
    const sums = new Float64Array(this.classes);
    for (const feature of text) {
      let everywhere = 0;
      for (const counts of this.#counts) everywhere += counts[feature]!;
      if (everywhere === 0) continue;
      const prior = (priorWeight * everywhere) / this.#seen;
      for (let c = 0; c < this.classes; c++)
        sums[c]! += Math.log(
          (this.#counts[c]![feature]! + prior) / (this.#totals[c]! + priorWeight),
        );
    }
    return sums;
  }

  /** Log of each class's share of the texts, one more for each so that none is impossible. */
  logPriors(): Float64Array {
    const all = this.#texts.reduce((sum, n) => sum + n, this.classes);
    return this.#texts.map((n) => Math.log((n + 1) / all));
  }
}

export interface NaiveBayes {
  readonly classes: readonly string[];
  /** Log of the probability of each class given the text, in nats; they add up to 1. */
  logPosterior(text: string): Map<string, number>;
}

/**
 * The classic guesser of who wrote a text: multinomial naive Bayes on words and character 4-grams. What a
 * model of millions of weights must beat.
 *
 * @param texts By class; every text counts as one for the prior.
 * @throws {RangeError} If there is no class.
 */
export function trainNaiveBayes(texts: ReadonlyMap<string, readonly string[]>): NaiveBayes {
  const classes = [...texts.keys()];
  if (classes.length === 0) throw new RangeError('no classes were given; at least one is wanted');
  const index = new FeatureIndex();
  const read = classes.map((name) => texts.get(name)!.map((text) => index.read(text)));
  const counts = new ClassCounts(classes.length, index.size);
  read.forEach((list, which) => {
    for (const text of list) counts.add(which, text);
  });
  const priors = counts.logPriors();
  return {
    classes,
    logPosterior: (text) => {
      const likelihoods = counts.logLikelihoods(index.known(text));
      const joint = likelihoods.map((value, c) => value + priors[c]!);
      const total = logSumExp(joint);
      return new Map(classes.map((name, c) => [name, joint[c]! - total]));
    },
  };
}

/** log Σ exp(x), without overflow. */
export function logSumExp(values: ArrayLike<number>): number {
  const list = Array.from(values);
  const most = Math.max(...list);
  return most + Math.log(list.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
