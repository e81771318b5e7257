import { formatPlace } from '../play/place.ts';
import { termsOf } from './digest-rows.ts';
import { fitDepth, fitScore, rankFits } from './fit-score.ts';
import { fuse } from './fuse.ts';
import type { KindIndex } from './kind-index.ts';
import type { Found, Match, MemoryPart, Phrasing, Remembering, Wordings } from './memory-part.ts';
import { isWitnessed, type Passage } from './passage.ts';
import type { MemoryKind, Recalled } from './recalled.ts';
import type { EmbedOptions } from './row-vectors.ts';
import { WordWeights } from './word-weights.ts';

/** How many rows each of the two searches puts forward. */
const depth = 60;

/** Words that were said: one speech, or an exchange of several. */
export type SaidWords = Omit<Passage, 'speaker' | 'present'> & Partial<Pick<Passage, 'speaker'>>;

/**
 * Speeches or exchanges: whoever heard all of one remembers it. Two searches, by words and by meaning, are fused by
 * reciprocal rank.
 */
export class PassagePart implements MemoryPart {
  readonly index: KindIndex;
  readonly #kind: MemoryKind;
  readonly #passages: readonly SaidWords[];
  #terms: readonly ReadonlySet<string>[] | undefined;
  #weights: WordWeights | undefined;

  constructor(kind: MemoryKind, passages: readonly SaidWords[], index: KindIndex) {
    this.#kind = kind;
    this.#passages = passages;
    this.index = index;
  }

  remembered({ character, before }: Remembering): number[] {
    return this.#passages.flatMap((passage, item) =>
      isWitnessed(passage, character, before) ? [item] : [],
    );
  }

  async search({ asked }: Wordings, who: Remembering, options: EmbedOptions): Promise<Match[]> {
    const vectors = await this.index.vectors(options);
    const allowed = this.#heardBy(who);
    const byMeaning = vectors.search(asked.vector, depth, allowed).map(({ row }) => row);
    return fuse([byMeaning, this.#byWords(asked.text, allowed)]);
  }

  /** What fits a question, as a narrator words it, on the scale of facts: see `fitScore`. */
  async compare(told: Phrasing, who: Remembering, options: EmbedOptions): Promise<Found> {
    const vectors = await this.index.vectors(options);
    const { rows } = this.index;
    this.#terms ??= rows.map(({ embedded }) => termsOf(embedded));
    this.#weights ??= new WordWeights(this.#terms);
    const asked = termsOf(told.text);
    const covered = this.#terms.map((terms) => this.#weights!.covered(asked, terms));
    const heard = this.#heardBy(who);
    const among = (isHeard: boolean): Match[] => {
      const isAmong = (row: number): boolean => heard(row) === isHeard;
      const near = vectors.search(told.vector, fitDepth, isAmong).map(({ row }) => row);
      const score = (row: number): number =>
        fitScore({ fact: vectors.likeness(told.vector, row), covered: covered[row]! });
      return rankFits({ near, covered, isAmong, score });
    };
    return { known: among(true), unknown: among(false) };
  }

  /** The numbers of those that share words with a text, best first. Needs no vectors. */
  byWords(text: string, who: Remembering): number[] {
    return this.#byWords(text, this.#heardBy(who));
  }

  recalled(item: number): Omit<Recalled, 'score'> {
    const { place, end, speaker, text } = this.#passages[item]!;
    const said = { kind: this.#kind, place, end: formatPlace(end), text };
    return speaker === undefined ? said : { ...said, speaker };
  }

  get passages(): readonly SaidWords[] {
    return this.#passages;
  }

  #heardBy({ character, before }: Remembering): (row: number) => boolean {
    const heard = new Set(this.remembered({ character, before }));
    return (row) => heard.has(row);
  }

  #byWords(text: string, allowed: (row: number) => boolean): number[] {
    return this.index.byWords(text, depth, allowed).map(({ row }) => row);
  }
}
