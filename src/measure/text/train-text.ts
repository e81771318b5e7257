import { RunIndex } from '../../corpus/gates/run-index.ts';
import type { Source } from '../../corpus/source.ts';
import { isCollective } from '../../play/cast/label.ts';
import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';
import { sha256 } from '../../store/sha256.ts';
import { properNames } from './names.ts';
import { TrigramModel } from './trigram-model.ts';
import { type FluencyBand, fluencyBand, type Halves } from './word-order.ts';

/** A speech as text and as words. */
export interface SpokenText {
  readonly scene: string;
  readonly place: string;
  /** Cast names; several for a joint speech. */
  readonly speakers: readonly string[];
  /** Lines as printed. */
  readonly lines: readonly string[];
  readonly words: readonly string[];
}

/** Scenes of a play, mostly those that are trained on, as what answers are held against. Each index is made when it is first asked for. */
export class TrainText {
  /** Names edition and split: the same key, the same text. */
  readonly key: string;
  readonly speeches: readonly SpokenText[];
  #runs: RunIndex | undefined;
  #trigrams: TrigramModel | undefined;
  #halves: Halves | undefined;
  #fluency: FluencyBand | undefined;
  #names: ReadonlySet<string> | undefined;
  #speakers: readonly string[] | undefined;

  constructor(key: string, speeches: readonly SpokenText[]) {
    this.key = key;
    this.speeches = speeches;
  }

  /** Every run of words in it. */
  get runs(): RunIndex {
    this.#runs ??= new RunIndex(
      this.speeches.map(({ place, words: own }) => ({ place, text: own.join(' ') })),
    );
    return this.#runs;
  }

  get trigrams(): TrigramModel {
    this.#trigrams ??= new TrigramModel(this.speeches.map(({ words: own }) => own));
    return this.#trigrams;
  }

  /**
   * A model that has not read a scene: of everything if the scene is not among them, else of the half it is not in. To it
   * the scene's own words are as new as any.
   */
  trigramsWithout(scene: string): TrigramModel {
    const half = this.#scenes.indexOf(scene) % 2;
    return half < 0 ? this.trigrams : this.#halved[1 - half]!.model;
  }

  /** What the order of words saves in new speeches like these. */
  get fluency(): FluencyBand {
    this.#fluency ??= fluencyBand(this.#halved);
    return this.#fluency;
  }

  get #scenes(): readonly string[] {
    return [...new Set(this.speeches.map(({ scene }) => scene))];
  }

  /** Every other scene; of a single scene, every other speech. */
  get #halved(): Halves {
    const scenes = this.#scenes;
    const half = (which: number) => {
      const own = this.speeches
        .filter(({ scene }, i) => (scenes.length > 1 ? scenes.indexOf(scene) : i) % 2 === which)
        .map(({ words: said }) => said);
      return { speeches: own, model: new TrigramModel(own) };
    };
    this.#halves ??= [half(0), half(1)];
    return this.#halves;
  }

  /** Proper names in it, in lower case. */
  get names(): ReadonlySet<string> {
    this.#names ??= properNames(this.speeches.flatMap(({ lines }) => lines));
    return this.#names;
  }

  /** Those who speak alone, whoever says most first. */
  get speakers(): readonly string[] {
    this.#speakers ??= speakersOf(this.speeches);
    return this.#speakers;
  }

  /** What somebody says alone. */
  by(speaker: string): readonly SpokenText[] {
    return this.speeches.filter(({ speakers }) => speakers.length === 1 && speakers[0] === speaker);
  }
}

function speakersOf(speeches: readonly SpokenText[]): readonly string[] {
  const said = new Map<string, number>();
  for (const { speakers, words: own } of speeches) {
    const [name] = speakers;
    if (speakers.length === 1) said.set(name!, (said.get(name!) ?? 0) + own.length);
  }
  return [...said].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/**
 * By key. Items name their training text by its key, so that they stay plain data; whoever has made items of a source
 * has it here. What is made from the same bytes is the same, so nothing can go stale.
 */
const made = new Map<string, TrainText>();
const trainBySource = new WeakMap<Source, TrainText>();
const wholeBySource = new WeakMap<Source, TrainText>();

/** What is said in the scenes that are trained on. */
export function trainTextOf(source: Source): TrainText {
  return textOf(source, trainBySource, ({ scene }) => source.split.partOf(scene) === 'train');
}

/** What is said in every scene, for judging words that come from none of them. */
export function wholeTextOf(source: Source): TrainText {
  return textOf(source, wholeBySource, () => true);
}

function textOf(
  source: Source,
  known: WeakMap<Source, TrainText>,
  isIn: (speech: SpokenText) => boolean,
): TrainText {
  const found = known.get(source);
  if (found) return found;
  const speeches = spokenTexts(source).filter(isIn);
  const scenes = [...new Set(speeches.map(({ scene }) => scene))];
  const key = sha256(JSON.stringify([source.sha256, scenes])).slice(0, 16);
  const text = made.get(key) ?? new TrainText(key, speeches);
  made.set(key, text);
  known.set(source, text);
  return text;
}

/** Undefined if no items were made from it in this process. */
export function findTrainText(key: string): TrainText | undefined {
  return made.get(key);
}

/** @throws {RangeError} If no items were made from it in this process. */
export function trainText(key: string): TrainText {
  const found = findTrainText(key);
  if (!found) throw new RangeError(`no items were made from training text ${key} in this process`);
  return found;
}

const read = new WeakMap<Play, readonly SpokenText[]>();

/** Every speech of the play in order, whatever its part; who speaks as one of a crowd is nobody. Read once. */
export function spokenTexts({ play }: Pick<Source, 'play'>): readonly SpokenText[] {
  const known = read.get(play);
  if (known) return known;
  const texts = [...speeches(play)].map(({ act, scene, speech }) => ({
    scene: `${act.number}.${scene.number}`,
    place: speech.place,
    speakers: speech.speakers.filter((name) => !isCollective(name)),
    lines: speech.lines,
    words: words(speech.lines.join('\n')),
  }));
  read.set(play, texts);
  return texts;
}
