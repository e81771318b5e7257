import { formatPlace } from '../play/place.ts';
import type { Play } from '../play/play.ts';
import { type Calls, type DigestEntry, digestRows, termsOf } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import { knownBy } from './digests/known-by.ts';
import { renderDigest } from './digests/render-digest.ts';
import type { KindIndex } from './kind-index.ts';
import type { Match, MemoryPart, Phrasing, Remembering, Wordings } from './memory-part.ts';
import { namesOf } from './names-of.ts';
import type { Recalled } from './recalled.ts';
import type { EmbedOptions } from './row-vectors.ts';
import type { VectorIndex } from './vector-index.ts';
import { WordWeights } from './word-weights.ts';
import { firstPerson, type Names, thirdPerson } from './wording.ts';

export interface DigestsOf {
  readonly play: Play;
  readonly digests: readonly Digest[];
  readonly calls: Calls;
}

/** Rows that the search by meaning puts forward, and facts that the search by words does. */
const depth = 60;

/**
 * What a likeness of the question with the fact, and of its words with the fact's, weigh beside the likeness with a
 * question that the fact answers. With these the fact is among the first three for 179 of 192 questions, with the question
 * alone for 170, with the fact alone for 152 (bench/LOG.md).
 */
const factWeight = 0.3;
const wordWeight = 0.3;
const whole = 1 + factWeight + wordWeight;

/** Facts: whoever was there or was told of one remembers it. */
export class DigestPart implements MemoryPart {
  readonly index: KindIndex;
  readonly #of: DigestsOf;
  readonly #entries: readonly DigestEntry[];
  readonly #weights: WordWeights;
  /** By cast name. */
  readonly #names = new Map<string, Names>();

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

  /** A question to a character as a narrator would word it: "Who killed old King Hamlet?" for Hamlet's "your father". */
  told(question: string, character: string): string {
    const { play, digests, calls } = this.#of;
    const names = this.#names.get(character) ?? namesOf(play, digests, character, calls(character));
    this.#names.set(character, names);
    return thirdPerson(firstPerson(question), names);
  }

  async search({ told }: Wordings, who: Remembering, options: EmbedOptions): Promise<Match[]> {
    return (await this.compare(told, who, options)).known;
  }

  /** What fits a question among what somebody knows, and among what they do not, best first. */
  async compare(
    told: Phrasing,
    who: Remembering,
    options: EmbedOptions,
  ): Promise<{ readonly known: Match[]; readonly unknown: Match[] }> {
    const vectors = await this.index.vectors(options);
    const remembered = new Set(this.remembered(who));
    const terms = termsOf(told.text);
    const covered = this.#entries.map((entry) => this.#weights.covered(terms, entry.terms));
    const among = (known: boolean): Match[] => {
      const { rows } = this.index;
      // That somebody else knows who they are is no news that was kept from this one.
      const isAmong = (item: number): boolean =>
        remembered.has(item) === known && (known || !this.digests[item]!.isOfCard);
      const near = vectors.search(told.vector, depth, (row) => isAmong(rows[row]!.item));
      const shared = [...covered.keys()]
        .filter((item) => isAmong(item) && covered[item]! > 0)
        .sort((a, b) => covered[b]! - covered[a]! || a - b)
        .slice(0, depth);
      return [...new Set([...near.map(({ row }) => rows[row]!.item), ...shared])]
        .map((item) => ({ item, score: this.#score(vectors, told, item, covered[item]!) }))
        .sort((a, b) => b.score - a.score || a.item - b.item);
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
    const { fact, asks } = this.#entries[item]!;
    const ofFact = vectors.likeness(vector, fact);
    const likenesses = asks.map((row) => vectors.likeness(vector, row));
    const ofAsk = likenesses.length === 0 ? ofFact : Math.max(...likenesses);
    return Math.max(0, (ofAsk + factWeight * ofFact + wordWeight * covered) / whole);
  }
}
