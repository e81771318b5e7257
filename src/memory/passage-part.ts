import { formatPlace } from '../play/place.ts';
import { fuse } from './fuse.ts';
import type { KindIndex } from './kind-index.ts';
import type { Match, MemoryPart, Remembering, Wordings } from './memory-part.ts';
import { isWitnessed, type Passage } from './passage.ts';
import type { MemoryKind, Recalled } from './recalled.ts';
import type { EmbedOptions } from './row-vectors.ts';

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
