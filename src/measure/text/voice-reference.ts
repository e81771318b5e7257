import { particularWords } from '../../play/particular-words.ts';
import { seedOf } from '../statistics/prng.ts';
import {
  burrowsDelta,
  countWords,
  type WordCounts,
  type WordScale,
  wordScale,
  zScores,
} from './delta.ts';
import { Impostors } from './impostors.ts';
import { SplitHalves } from './split-halves.ts';
import type { TrainText } from './train-text.ts';

/** How many of the commonest words tell voices apart. */
const commonWords = 150;
/** In words: pieces of others' speech that the scale is made from. */
const pieceWords = 400;
/** In words: samples that are compared with each other. Below the least nothing can be told. */
const sampleSizes = [1600, 800, 400, 200, 100] as const;
/** What a voice is tried against; who says less in training is no fair impostor. */
const impostorWords = 400;

/**
 * A speaker's voice as the training scenes have it, for judging pooled words of any author.
 *
 * The scale is made from what all others say: were the speaker's own words in it, both halves of them would lie on its
 * mean's side, and strangers would seem nearer to either than they are to each other.
 */
export class VoiceReference {
  /** Words most particular to the speaker, names left out; at most twelve. */
  readonly markers: readonly string[];
  /** Quantiles .05 and .95 of the words of a speech. */
  readonly lengths: readonly [shortest: number, longest: number];
  readonly scale: WordScale;
  readonly #text: TrainText;
  readonly #speaker: string;
  readonly #impostors: Impostors | undefined;
  readonly #halves = new Map<number, SplitHalves>();
  readonly #words: number;
  readonly #profile: Float64Array;

  constructor(text: TrainText, speaker: string) {
    this.#text = text;
    this.#speaker = speaker;
    const speeches = text.by(speaker);
    const own = speeches.flatMap(({ words }) => words);
    this.#words = own.length;
    this.scale = wordScale(pieces(text, speaker), commonWords, (word) => text.names.has(word));
    const profile = (words: readonly string[]): Float64Array =>
      zScores([countWords(words, this.scale)], this.scale);
    this.#profile = profile(own);
    const others = text.speakers
      .filter((name) => name !== speaker)
      .map((name) => text.by(name).flatMap(({ words }) => words))
      .filter((words) => words.length >= impostorWords);
    this.#impostors =
      others.length === 0
        ? undefined
        : new Impostors(
            this.#profile,
            others.map(profile),
            this.scale,
            seedOf('impostors', speaker),
          );
    const all = text.speeches.flatMap(({ words }) => words);
    this.markers = particularWords(own, all)
      .map(({ word }) => word)
      .filter((word) => !text.names.has(word));
    const lengths = speeches.map(({ words }) => words.length).sort((a, b) => a - b);
    const at = (share: number): number => lengths[Math.round(share * (lengths.length - 1))] ?? 0;
    this.lengths = [at(0.05), at(0.95)];
  }

  /**
   * How the words of several texts compare with samples of the speaker's own of that size: see `SplitHalves`. Texts after
   * those that fill the largest sample are not looked at. NaN for fewer words than can be told from.
   */
  percentile(texts: readonly WordCounts[]): number {
    const total = texts.reduce((sum, text) => sum + text.total, 0);
    const size = sampleSizes.find((words) => words <= total && words <= this.#words / 2);
    if (size === undefined) return Number.NaN;
    let left: number = size;
    const sample = texts.filter((text) => {
      const fits = left > 0;
      left -= text.total;
      return fits;
    });
    return this.#halvesOf(size).percentile(sample);
  }

  /** Burrows's Delta from all that the speaker says: the less, the nearer. NaN if no words are given. */
  distance(texts: readonly WordCounts[]): number {
    if (texts.every(({ total }) => total === 0)) return Number.NaN;
    return burrowsDelta(zScores(texts, this.scale), this.#profile);
  }

  /** General Impostors' share; NaN where nobody else says enough, or no words are given. */
  impostorsShare(texts: readonly WordCounts[]): number {
    if (!this.#impostors || texts.every(({ total }) => total === 0)) return Number.NaN;
    return this.#impostors.share(texts);
  }

  #halvesOf(size: number): SplitHalves {
    let found = this.#halves.get(size);
    if (!found) {
      const seed = seedOf('halves', this.#speaker, String(size));
      found = new SplitHalves(this.#text.by(this.#speaker), this.scale, size, seed);
      this.#halves.set(size, found);
    }
    return found;
  }
}

const made = new WeakMap<TrainText, Map<string, VoiceReference>>();

/** The voice of a speaker; worked out once. */
export function voiceReference(text: TrainText, speaker: string): VoiceReference {
  const voices = made.get(text) ?? new Map<string, VoiceReference>();
  made.set(text, voices);
  const voice = voices.get(speaker) ?? new VoiceReference(text, speaker);
  voices.set(speaker, voice);
  return voice;
}

/** What everybody else says, in pieces of about the same size by one speaker; the rest of all speakers together. */
function pieces(text: TrainText, speaker: string): readonly string[][] {
  const others = text.speakers
    .filter((name) => name !== speaker)
    .map((name) => text.by(name).flatMap(({ words }) => words));
  const all = others.reduce((sum, words) => sum + words.length, 0);
  // A short play gives four short pieces, so that there is something to vary.
  const size = Math.max(1, Math.min(pieceWords, Math.floor(all / 4)));
  const talkative = others.filter((words) => words.length >= size);
  const rest = others.filter((words) => words.length < size).flat();
  return [...talkative, rest].flatMap((words) => {
    const count = Math.floor(words.length / size);
    return Array.from({ length: count }, (_, i) =>
      words.slice(
        Math.floor((i * words.length) / count),
        Math.floor(((i + 1) * words.length) / count),
      ),
    );
  });
}
