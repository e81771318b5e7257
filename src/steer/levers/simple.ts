import type { Model } from '../../engine/model.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { words } from '../../play/words.ts';
import type { Explanation, Steering } from '../steering.ts';
import { characterWords } from './character-words.ts';
import { type LengthBand, lengthBand } from './length-band.ts';
import { readLexicon } from './lexicon.ts';
import { endBias } from './reply-length.ts';
import { speakerLabels } from './speaker-labels.ts';
import { WordBias } from './word-bias.ts';

/** How far a character's own words are pushed: a colour, not a topic. */
const ownWeight = 0.4;

/** Biases kept: a reply goes through a few, again and again. */
const mostKept = 64;

/** Any model's tokeniser, with the tokens that end a reply. */
export type SteeredModel = Pick<Model, 'tokenize' | 'detokenize' | 'info'>;

/**
 * The first steering: a lexicon towards early modern English and away from assistants' phrases, a stop
 * before anybody else speaks, and the length of the character's own speeches.
 */
export function simpleSteering(model: SteeredModel, play: Play, character: CastMember): Steering {
  return new SimpleSteering(model, play, character);
}

class SimpleSteering implements Steering {
  readonly bias: ReadonlyMap<number, number>;
  readonly stop: readonly string[];
  readonly maxTokens: number;
  readonly #words: WordBias;
  readonly #band: LengthBand;
  readonly #ends: Int32Array;
  /** Line breaks, which a reply below the band must not use to begin something else. */
  readonly #breaks: Int32Array;
  readonly #explanation: Explanation;
  /** By what it was made from: replies drawn in step ask in turn. */
  readonly #made = new Map<string, ReadonlyMap<number, number>>();

  constructor(model: SteeredModel, play: Play, character: CastMember) {
    const lexicon = readLexicon();
    const own = characterWords(play, character);
    const towards = [{ weight: ownWeight, words: own }, ...lexicon.towards];
    this.#words = new WordBias(model, [...towards, ...lexicon.away]);
    this.#band = lengthBand(play, character);
    this.#ends = model.info.ends;
    this.#breaks = Int32Array.from(['\n', '\n\n'].flatMap((text) => one(model.tokenize(text))));
    this.stop = [...speakerLabels(play), '\n\n'];
    this.maxTokens = Math.ceil(this.#band.most * tokensPerWord(model, play, character)) + 32;
    this.#explanation = {
      towards: towards.flatMap((group) => group.words),
      away: lexicon.away.flatMap((group) => group.words),
      lengthWords: [this.#band.least, this.#band.most],
    };
    this.bias = this.#compose(this.#words.after(''), endBias('', this.#band));
  }

  after(textSoFar: string): ReadonlyMap<number, number> {
    const now = this.#words.after(textSoFar);
    const end = endBias(textSoFar, this.#band);
    const state = `${end} ${[...now].join(' ')}`;
    const known = this.#made.get(state);
    if (known) return known;
    if (this.#made.size >= mostKept) this.#made.clear();
    const made = this.#compose(now, end);
    this.#made.set(state, made);
    return made;
  }

  explain(): Explanation {
    return this.#explanation;
  }

  #compose(now: ReadonlyMap<number, number>, end: number): Map<number, number> {
    const bias = new Map([...this.#words.always, ...now]);
    if (end !== 0) for (const token of this.#ends) bias.set(token, end);
    if (end < 0) for (const token of this.#breaks) bias.set(token, end);
    return bias;
  }
}

function one(tokens: Int32Array): number[] {
  return tokens.length === 1 ? [tokens[0]!] : [];
}

/** Measured on the character's own words, at most two thousand of them. */
export function tokensPerWord(model: SteeredModel, play: Play, character: CastMember): number {
  const lines = play.acts
    .flatMap(({ scenes }) => scenes)
    .flatMap(({ elements }) => elements)
    .flatMap((element) =>
      element.kind === 'speech' && element.speakers.includes(character.name) ? element.lines : [],
    );
  const text = lines.join('\n').slice(0, 10_000);
  return text === '' ? 1.5 : model.tokenize(text).length / Math.max(1, words(text).length);
}
