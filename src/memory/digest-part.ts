import { formatPlace } from '../play/place.ts';
import { type Calls, type DigestEntry, digestRows, termsOf } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import { knownBy } from './digests/known-by.ts';
import { renderDigest } from './digests/render-digest.ts';
import { fitDepth, fitScore, rankFits } from './fit-score.ts';
import type { KindIndex } from './kind-index.ts';
import type { Found, Match, MemoryPart, Phrasing, Remembering, Wordings } from './memory-part.ts';
import type { Recalled } from './recalled.ts';
import type { EmbedOptions } from './row-vectors.ts';
import type { VectorIndex } from './vector-index.ts';
import { WordWeights } from './word-weights.ts';

export interface DigestsOf {
  readonly digests: readonly Digest[];
  readonly calls: Calls;
}

/** Facts: whoever was there or was told of one remembers it. */
export class DigestPart implements MemoryPart {
  readonly index: KindIndex;
  readonly #of: DigestsOf;
  readonly #entries: readonly DigestEntry[];
  readonly #weights: WordWeights;

  /** @param makeIndex Makes the index of the rows. */
  constructor(of: DigestsOf, makeIndex: (rows: KindIndex['rows']) => KindIndex) {
    const { rows, entries } = digestRows(of.digests);
    this.#of = of;
    this.#entries = entries;
    this.#weights = new WordWeights(entries.map(({ terms }) => terms));
    this.index = makeIndex(rows);
  }

  get digests(): readonly Digest[] {
    return this.#of.digests;
  }

  /** Whether facts have the questions that they answer: most of them, since a few of the user's own may have none. */
  get hasAsks(): boolean {
    const withAsks = this.#entries.filter(({ asks }) => asks.length > 0);
    return withAsks.length > this.#entries.length / 2;
  }

  readonly idOf = (item: number): string => this.digests[item]!.id;

  remembered({ character, before }: Remembering): number[] {
    return this.digests.flatMap((digest, item) =>
      knownBy(digest, character, before) ? [item] : [],
    );
  }

  async search(
    { told }: Wordings,
    who: Remembering,
    options: EmbedOptions,
  ): Promise<readonly Match[]> {
    return (await this.compare(told, who, options)).known;
  }

  /** What fits a question among what somebody knows, and among what they do not, best first. */
  async compare(told: Phrasing, who: Remembering, options: EmbedOptions): Promise<Found> {
    const vectors = await this.index.vectors(options);
    const remembered = new Set(this.remembered(who));
    const terms = termsOf(told.text);
    const covered = this.#entries.map((entry) => this.#weights.covered(terms, entry.terms));
    const among = (known: boolean): Match[] => {
      const { rows } = this.index;
      // That somebody else knows who they are is no news that was kept from this one.
      const isAmong = (item: number): boolean =>
        remembered.has(item) === known && (known || !this.digests[item]!.isOfCard);
      const near = vectors.search(told.vector, fitDepth, (row) => isAmong(rows[row]!.item));
      return rankFits({
        near: near.map(({ row }) => rows[row]!.item),
        covered,
        isAmong,
        score: (item) => this.#score(vectors, told, item, covered[item]!),
      });
    };
    return { known: among(true), unknown: among(false) };
  }

  recalled(item: number, { character, before }: Remembering): Omit<Recalled, 'score'> {
    const digest = this.digests[item]!;
    const knowledge = knownBy(digest, character, before);
    return {
      kind: digest.isOfCard ? 'card' : 'digest',
      id: digest.id,
      place: formatPlace(digest.from),
      end: formatPlace(digest.end),
      ...(!digest.isOfCard && { words: digest.words }),
      text: renderDigest(digest, { character, calls: this.#of.calls(character) }),
      ...(knowledge?.way === 'told' && {
        told: { at: formatPlace(knowledge.at), ...(knowledge.by && { by: knowledge.by.name }) },
      }),
    };
  }

  /** A fact without questions of its own is taken for the one that it answers. */
  #score(vectors: VectorIndex, { vector }: Phrasing, item: number, covered: number): number {
    const { fact: row, asks } = this.#entries[item]!;
    const fact = vectors.likeness(vector, row);
    const likenesses = asks.map((ask) => vectors.likeness(vector, ask));
    return fitScore({ fact, covered, ...(asks.length > 0 && { ask: Math.max(...likenesses) }) });
  }
}
