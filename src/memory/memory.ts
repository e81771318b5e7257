import { join } from 'node:path';
import { LaterThings } from '../play/later-things.ts';
import { formatPlace, parsePlace } from '../play/place.ts';
import type { Play } from '../play/play.ts';
import { type ProperName, properNames } from '../play/proper-names.ts';
import { DigestPart } from './digest-part.ts';
import type { Calls } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import type { Telling } from './digests/render-digest.ts';
import { indexOf } from './graph-file.ts';
import { type IndexRow, KindIndex } from './kind-index.ts';
import { defaultRecalled } from './limits.ts';
import type { MemoryPart, Phrasing, Remembering } from './memory-part.ts';
import { namesOf } from './names-of.ts';
import { isWitnessed, type Passage } from './passage.ts';
import { PassagePart, type SaidWords } from './passage-part.ts';
import { passagesOf } from './passages.ts';
import { type MemoryKind, memoryKinds, type Recalled } from './recalled.ts';
import {
  type EmbedOptions,
  RowVectors,
  type RowVectorsOptions,
  type TextEmbedder,
} from './row-vectors.ts';
import { toldSpeech } from './told-speech.ts';
import { UnknownWords } from './unknown-words.ts';
import { Vocabulary } from './vocabulary.ts';
import { windowsOf } from './windows.ts';
import { firstPerson, type Names, thirdPerson } from './wording.ts';

export interface MemoryOptions extends RowVectorsOptions, EmbedOptions {
  readonly play: Play;
  /** Facts of the play, with those who know them. Default: none. */
  readonly digests?: readonly Digest[] | undefined;
  /** How its characters call each other. Default: by name. */
  readonly calls?: Calls | undefined;
}

export interface RecallOptions extends Remembering {
  /** Default: all kinds there are; only speeches in a play without digests. */
  readonly kinds?: readonly MemoryKind[] | undefined;
  /** How many items at most. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How much a kind counts against the others where all are searched together: the first fact answers 148 of 192 questions,
 * and an exchange or a speech far fewer.
 */
const kindWorth: Readonly<Record<MemoryKind, number>> = { digest: 1, window: 0.6, speech: 0.5 };

/**
 * What was said and done in one play, as each of its characters witnessed it or was told of it.
 *
 * A query is answered from what the character knew before the place, and from nothing else: the rest is left out before
 * anything is ranked.
 */
export class Memory {
  /**
   * The facts; undefined in a play without.
   *
   * @internal
   */
  readonly digests: DigestPart | undefined;
  readonly #options: MemoryOptions;
  readonly #vectors: RowVectors;
  #passages: readonly Passage[] | undefined;
  readonly #said = new Map<MemoryKind, PassagePart>();
  #embedder: Promise<TextEmbedder> | undefined;
  #vocabulary: Vocabulary | undefined;
  #later: LaterThings | undefined;
  #names: readonly ProperName[] | undefined;
  /** By cast name. */
  readonly #told = new Map<string, Names>();
  /** By cast name and place. */
  readonly #unknown = new Map<string, UnknownWords>();

  private constructor(options: MemoryOptions) {
    const { digests = [], calls = () => undefined } = options;
    this.#options = options;
    this.#vectors = new RowVectors({ ...options, embedder: () => this.#openEmbedder() });
    if (digests.length > 0)
      this.digests = new DigestPart({ digests, calls }, (rows) => this.#index('digest', rows));
  }

  /**
   * Takes up what is kept in the folder, or makes it, which takes seconds, and keeps it: the vectors of the facts, and of
   * the speeches where they are asked, too. What else is searched is made when it is first asked for.
   *
   * @throws {DramatisError} STORE_UNWRITABLE, and what opening the embedding model throws; `signal.reason`.
   */
  static async open(options: MemoryOptions): Promise<Memory> {
    const memory = new Memory(options);
    if (memory.digests) await memory.digests.index.vectors(options);
    if (memory.asksSpeeches) await memory.said('speech').index.vectors(options);
    return memory;
  }

  /** All speeches in pieces, in the play's order: made when they are first asked for, which a play with facts may never do. */
  get passages(): readonly Passage[] {
    this.#passages ??= passagesOf(this.#options.play);
    return this.#passages;
  }

  /**
   * Whether speeches answer questions of fact: in a play without facts, and beside facts without questions, as drafts are,
   * which are few, and of which some are wrong.
   */
  get asksSpeeches(): boolean {
    return this.digests === undefined || !this.digests.hasAsks;
  }

  /** Kinds that are searched unless asked otherwise. */
  get kinds(): readonly MemoryKind[] {
    return this.digests ? memoryKinds : ['speech'];
  }

  /**
   * What fits the query best among what the character knows, best first. The first query of speeches or exchanges makes
   * their vectors, which takes seconds, unless they are kept.
   */
  async recall(query: string, options: RecallOptions): Promise<Recalled[]> {
    const { character, before, limit = defaultRecalled, kinds = this.kinds, signal } = options;
    const who = { character, before };
    const parts = kinds.flatMap((kind) => {
      const part = this.#part(kind);
      const worth = kinds.length > 1 ? kindWorth[kind] : 1;
      return part && part.remembered(who).length > 0 ? [{ part, worth }] : [];
    });
    if (parts.length === 0 || query.trim() === '') return [];
    const told = this.digests ? this.told(query, character) : query;
    const phrasings = await this.phrase([...new Set([query, told])], signal);
    const wordings = { asked: phrasings[0]!, told: phrasings.at(-1)! };
    const { onProgress } = this.#options;
    const found: Recalled[] = [];
    for (const { part, worth } of parts)
      for (const { item, score } of await part.search(wordings, who, { signal, onProgress }))
        found.push({ ...part.recalled(item, who), score: rounded(worth * score) });
    return found.sort((a, b) => b.score - a.score).slice(0, limit);
  }

  /** All that somebody remembers of one kind, in the play's order; scores are 0. */
  remembered(kind: MemoryKind, who: Remembering): Recalled[] {
    const part = this.#part(kind);
    if (!part) return [];
    return part.remembered(who).map((item) => ({ ...part.recalled(item, who), score: 0 }));
  }

  /**
   * Texts with their vectors.
   *
   * @internal
   */
  async phrase(texts: readonly string[], signal?: AbortSignal): Promise<Phrasing[]> {
    const embedder = await this.#openEmbedder();
    const vectors = await embedder.embed(texts, signal);
    return texts.map((text, i) => ({ text, vector: vectors[i]! }));
  }

  /**
   * A question to a character as a narrator would word it: "Who killed old King Hamlet?" for Hamlet's "your father".
   *
   * @internal
   */
  told(question: string, character: string): string {
    const { play, digests = [] } = this.#options;
    const names =
      this.#told.get(character) ?? namesOf(play, digests, character, this.#calls(character));
    this.#told.set(character, names);
    return thirdPerson(firstPerson(question), names);
  }

  /**
   * Whether a question names somebody or something that is nowhere in the play or its facts.
   *
   * @internal
   */
  isStrange(question: string): boolean {
    const told = this.digests?.index.rows.map(({ embedded }) => embedded) ?? [];
    this.#vocabulary ??= new Vocabulary(this.#options.play, told);
    return this.#vocabulary.isStrange(question);
  }

  /**
   * The words of the play that name one person each.
   *
   * @internal
   */
  properNames(): readonly ProperName[] {
    this.#names ??= properNames(this.#options.play);
    return this.#names;
  }

  /**
   * Whether a question names something that came later than the play's time.
   *
   * @internal
   */
  namesLater(question: string): boolean {
    this.#later ??= new LaterThings(this.#options.play);
    return this.#later.isNamedIn(question);
  }

  /**
   * The words of what somebody has not learnt at a place; undefined in a play without facts, which tell what that is.
   *
   * @internal
   */
  unknownWords(who: Remembering): UnknownWords | undefined {
    if (!this.digests) return undefined;
    const key = `${who.character} ${who.before ? formatPlace(who.before) : ''}`;
    const { play } = this.#options;
    const { digests } = this.digests;
    const made =
      this.#unknown.get(key) ?? new UnknownWords({ play, digests, passages: this.passages }, who);
    this.#unknown.set(key, made);
    return made;
  }

  /**
   * The words that were said, as speeches or as exchanges.
   *
   * @internal
   */
  said(kind: Exclude<MemoryKind, 'digest'>): PassagePart {
    const made = this.#said.get(kind);
    if (made) return made;
    const passages = kind === 'speech' ? this.passages : windowsOf(this.#options.play);
    const part = new PassagePart(kind, passages, this.#index(kind, passages.map(rowOf)));
    this.#said.set(kind, part);
    return part;
  }

  /**
   * A speech as somebody tells of it who heard it, with the answer if it asks: see `toldSpeech`.
   *
   * @internal
   */
  toldSpeech(item: number, question: string, who: Remembering): Omit<Recalled, 'score'> {
    const passage = this.passages[item]!;
    const { place, end } = passage;
    const next = this.passages[item + 1];
    const reply = next && isReply(next, passage) && isWitnessed(next, who.character, who.before);
    const telling = { character: who.character, calls: this.#calls(who.character) };
    const text = toldSpeech({ passage, reply: reply ? next : undefined, question, telling });
    return { kind: 'speech', place, end: formatPlace(end), text };
  }

  #calls(character: string): Telling['calls'] {
    return this.#options.calls?.(character);
  }

  #part(kind: MemoryKind): MemoryPart | undefined {
    return kind === 'digest' ? this.digests : this.said(kind);
  }

  #index(kind: MemoryKind, rows: readonly IndexRow[]): KindIndex {
    return new KindIndex(rows, async (options) => {
      const texts = rows.map(({ embedded }) => embedded);
      const vectors = await this.#vectors.of(texts, () => this.#allTexts(), options);
      const path = join(this.#options.folder, `${this.#vectors.name}-${kind}.hnsw`);
      return indexOf(vectors.rows, vectors.dim, path);
    });
  }

  /** What the play's file of vectors may hold. */
  #allTexts(): string[] {
    const parts = [
      this.said('speech'),
      this.said('window'),
      ...(this.digests ? [this.digests] : []),
    ];
    return parts.flatMap(({ index }) => index.rows.map(({ embedded }) => embedded));
  }

  #openEmbedder(): Promise<TextEmbedder> {
    this.#embedder ??= this.#options.embedder();
    return this.#embedder;
  }
}

/** What stands for words in the vector space: with the speaker, whom queries often name. */
function rowOf({ speaker, text }: SaidWords, item: number): IndexRow {
  const line = text.replaceAll('\n', ' ');
  return {
    item,
    text,
    speaker,
    embedded: speaker === undefined ? line : `${speaker}: ${line}`,
  };
}

/** Whether a speech is the next of its scene, and somebody else's. */
function isReply(next: Passage, { end, speaker }: Passage): boolean {
  const { act, scene } = parsePlace(next.place);
  return act === end.act && scene === end.scene && next.speaker !== speaker;
}

const rounded = (score: number): number => Number(score.toFixed(4));
