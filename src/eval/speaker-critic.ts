import type { Source } from '../corpus/source.ts';
import { type SpokenText, type TrainText, wholeTextOf } from '../measure/text/train-text.ts';
import { words } from '../play/words.ts';
import { ClassCounts, FeatureIndex, type Features } from './naive-bayes.ts';

/** What the critic makes of a text: how much likelier it is from the speaker than from anybody else, and in how many features. */
export interface Judged {
  readonly nats: number;
  readonly grams: number;
}

/** Stretches of originals as the critic judges them, in nats a feature, from the least like the speaker on. */
interface Stretches {
  readonly own: Float64Array;
  readonly others: Float64Array;
}

/** The speaker and everybody else. */
const [mine, theirs] = [0, 1];
/** The number of no fold. */
const noFold = -1;
/** Stretches are of so many words, or a multiple. */
const stepWords = 25;
/** A speaker has at least so many stretches that do not overlap; else shorter ones are compared. */
const leastStretches = 3;
/** What a critic goes by in a text, without these names: who is named does not speak. */
export type FeaturesOf = (text: string, names: ReadonlySet<string>) => Iterable<string>;

/**
 * Naive Bayes, names out: whether words are one speaker's or anybody else's of the play. It has read every scene but those of
 * the fold that a text belongs to, so that originals are judged as replies are.
 */
export class SpeakerCritic {
  readonly text: TrainText;
  readonly #foldOf: (scene: string) => number;
  readonly #index: FeatureIndex;
  readonly #read: readonly { readonly speech: SpokenText; readonly features: Features }[];
  readonly #counts = new Map<string, ClassCounts>();
  readonly #stretches = new Map<string, Stretches>();
  readonly #judged = new Map<string, readonly (Judged | undefined)[]>();

  constructor(source: Source, featuresOf: FeaturesOf) {
    this.text = wholeTextOf(source);
    this.#foldOf = (scene) => source.split.foldOf(scene);
    const { names } = this.text;
    this.#index = new FeatureIndex((text) => featuresOf(text, names));
    this.#read = this.text.speeches.map((speech) => ({
      speech,
      features: this.#index.read(speech.words.join(' ')),
    }));
  }

  /** A text as a speaker's words, judged by what stands in other folds than a scene's; by all without one. */
  judge(text: string, speaker: string, scene: string | undefined): Judged {
    const fold = scene === undefined ? noFold : this.#foldOf(scene);
    return this.#judge(this.#index.known(text), speaker, fold);
  }

  /**
   * Shares of originals of about so many words that are less like the speaker than a text of so many nats a feature: of the
   * speaker's own, and of everybody else's. NaN where there are none.
   */
  ranks(speaker: string, nats: number, size: number): { own: number; others: number } {
    const { own, others } = this.#stretchesOf(speaker, size);
    return { own: shareBelow(own, nats), others: shareBelow(others, nats) };
  }

  #judge(features: Features, speaker: string, fold: number): Judged {
    const likely = this.#countsOf(speaker, fold).logLikelihoods(features);
    return { nats: likely[mine]! - likely[theirs]!, grams: features.length };
  }

  #countsOf(speaker: string, fold: number): ClassCounts {
    const key = `${fold} ${speaker}`;
    let counts = this.#counts.get(key);
    if (!counts) {
      counts = new ClassCounts(2, this.#index.size);
      for (const { speech, features } of this.#read)
        if (this.#foldOf(speech.scene) !== fold)
          counts.add(isBy(speech, speaker) ? mine : theirs, features);
      this.#counts.set(key, counts);
    }
    return counts;
  }

  #stretchesOf(speaker: string, size: number): Stretches {
    const all = this.text.by(speaker).reduce((sum, { words: said }) => sum + said.length, 0);
    const most = Math.min(size, all / leastStretches);
    const length = Math.max(1, Math.round(most / stepWords)) * stepWords;
    const key = `${length} ${speaker}`;
    let found = this.#stretches.get(key);
    if (!found) {
      const by = (name: string): number[] => this.#stretchesBy(name, speaker, length);
      const others = this.text.speakers.filter((name) => name !== speaker);
      found = {
        own: Float64Array.from(by(speaker)).sort(),
        others: Float64Array.from(others.flatMap(by)).sort(),
      };
      this.#stretches.set(key, found);
    }
    return found;
  }

  /** Nats a feature of every stretch of so many words that somebody speaks, one from each speech on. */
  #stretchesBy(name: string, speaker: string, length: number): number[] {
    const judged = this.#speechesAs(speaker);
    const said = this.#read.flatMap(({ speech }, i) =>
      isBy(speech, name) ? [{ ...judged[i]!, words: speech.words.length }] : [],
    );
    return said.flatMap((_, from) => {
      let [nats, grams, count] = [0, 0, 0];
      for (let at = from; at < said.length && count < length; at++) {
        nats += said[at]!.nats;
        grams += said[at]!.grams;
        count += said[at]!.words;
      }
      return count < length || grams === 0 ? [] : [nats / grams];
    });
  }

  #speechesAs(speaker: string): readonly (Judged | undefined)[] {
    const known = this.#judged.get(speaker);
    if (known) return known;
    const judged = this.#read.map(({ speech, features }) =>
      speech.speakers.length === 1
        ? this.#judge(features, speaker, this.#foldOf(speech.scene))
        : undefined,
    );
    this.#judged.set(speaker, judged);
    return judged;
  }
}

const isBy = ({ speakers }: SpokenText, name: string): boolean =>
  speakers.length === 1 && speakers[0] === name;

/** Words, and pairs of neighbours. */
export function* wordsAndPairs(text: string, names: ReadonlySet<string>): Generator<string> {
  const list = words(text).filter((word) => !names.has(word));
  yield* list;
  for (let at = 1; at < list.length; at++) yield `${list[at - 1]} ${list[at]}`;
}

/** Letters, four in a row. */
export function* fourLetters(text: string, names: ReadonlySet<string>): Generator<string> {
  const kept = words(text).filter((word) => !names.has(word));
  const run = ` ${kept.join(' ')} `;
  for (let at = 0; at + 4 <= run.length; at++) yield run.slice(at, at + 4);
}

/** Share of sorted values below one, those equal to it by half; NaN of none. */
function shareBelow(sorted: Float64Array, value: number): number {
  const below = firstFrom(sorted, (one) => one >= value);
  const upTo = firstFrom(sorted, (one) => one > value);
  return (below + upTo) / 2 / sorted.length;
}

/** Index of the first value for which a test that holds for all later ones holds. */
function firstFrom(sorted: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
