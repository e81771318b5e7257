import type { Play } from '../play/play.ts';
import { words } from '../play/words.ts';
import { termsOf } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import { knownBy } from './digests/known-by.ts';
import { renderAsk, renderDigest } from './digests/render-digest.ts';
import type { Remembering } from './memory-part.ts';
import { isWitnessed, type Passage } from './passage.ts';
import { termOf } from './word-index.ts';

/** A word that gives away what somebody has not learnt. */
export interface UnknownWord {
  readonly word: string;
  /** How particular it is to what is not known, in nats: more than 0, at most `mostRare`. */
  readonly rarity: number;
}

/** What tells which words are known. */
export interface WordsOf {
  readonly play: Play;
  readonly digests: readonly Digest[];
  readonly passages: readonly Passage[];
}

/** A word that stands in one fact of a hundred counts no less than one of a thousand. */
const mostRare = 5;
/** A word of more than one in e facts or speeches tells nothing. */
const leastRare = 1;
/** Shorter words are seldom what gives something away. */
const shortestWord = 3;

/**
 * The words of facts that somebody does not know at a place, none of which stands in a fact that they know there, or in a
 * speech that they have heard: made once for a place, and asked with the words of each prompt.
 */
export class UnknownWords {
  readonly #rarity: ReadonlyMap<string, number>;
  readonly #forms = new Map<string, Set<string>>();
  readonly #facts: readonly { readonly id: string; readonly terms: ReadonlySet<string> }[];

  constructor({ play, digests, passages }: WordsOf, { character, before }: Remembering) {
    const facts = digests.map((digest) => ({
      digest,
      text: renderDigest(digest),
      isKnown: knownBy(digest, character, before) !== undefined,
    }));
    const known = new Set<string>();
    const learn = (text: string): void => {
      for (const term of termsOf(text)) known.add(term);
    };
    learn(character);
    for (const { digest, text, isKnown } of facts)
      if (isKnown) learn([text, ...digest.asks.map((ask) => renderAsk(ask))].join(' '));
    for (const passage of passages)
      if (isWitnessed(passage, character, before))
        learn([passage.speaker, passage.text, ...passage.present].join(' '));

    this.#facts = facts
      // That somebody else knows who they are is no news that was kept from this one.
      .filter(({ isKnown, digest }) => !isKnown && !digest.isOfCard)
      .map(({ digest: { id }, text }) => ({ id, terms: minus(termsOf(text), known) }));
    this.#rarity = rarities(
      new Set(this.#facts.flatMap(({ terms }) => [...terms])),
      facts.map(({ text }) => text),
      passages.map(({ text }) => text),
    );
    this.#collectForms([...facts, ...passages, ...play.cast.map(({ name }) => ({ text: name }))]);
  }

  /** The words in all forms that the play and its facts have them in, without those of a text, in the order of the alphabet. */
  except(told: string): UnknownWord[] {
    const allowed = termsOf(told);
    return [...this.#rarity]
      .filter(([term]) => !allowed.has(term))
      .flatMap(([term, rarity]) =>
        [...(this.#forms.get(term) ?? [])].map((word) => ({ word, rarity })),
      )
      .sort((a, b) => (a.word < b.word ? -1 : 1));
  }

  /** The fact that a text gives away most of, with the words that do, at least two of them; undefined if it gives none away. */
  givenAway(
    text: string,
    told: string,
  ): { readonly id: string; readonly words: string[] } | undefined {
    const allowed = termsOf(told);
    const said = new Map<string, string>();
    for (const word of words(text)) {
      const term = termOf(word);
      if (term !== null && this.#rarity.has(term) && !allowed.has(term)) said.set(term, word);
    }
    const [most] = this.#facts
      .map(({ id, terms }) => ({
        id,
        words: [...said].flatMap(([term, word]) => (terms.has(term) ? [word] : [])),
      }))
      .sort((a, b) => b.words.length - a.words.length);
    return most && most.words.length >= 2 ? most : undefined;
  }

  #collectForms(texts: readonly { readonly text: string }[]): void {
    for (const { text } of texts)
      for (const word of words(text)) {
        const term = termOf(word);
        if (term === null || word.length < shortestWord || !this.#rarity.has(term)) continue;
        const forms = this.#forms.get(term) ?? new Set();
        this.#forms.set(term, forms.add(word));
      }
  }
}

/**
 * How rare each of some terms is among facts and among speeches, whichever it is more frequent in: words of narrators are
 * in many facts and in no speech, and those of the play's people the other way round. Terms that are not rare are left out.
 */
function rarities(
  terms: ReadonlySet<string>,
  ...corpora: readonly (readonly string[])[]
): Map<string, number> {
  const counts = corpora.map(counted);
  const found = new Map<string, number>();
  for (const term of terms) {
    const rarity = Math.min(
      mostRare,
      ...counts.map((count, i) =>
        Math.log((corpora[i]!.length + 1) / ((count.get(term) ?? 0) + 1)),
      ),
    );
    if (rarity >= leastRare) found.set(term, rarity);
  }
  return found;
}

/** In how many texts each term stands. */
function counted(texts: readonly string[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const text of texts)
    for (const term of termsOf(text)) count.set(term, (count.get(term) ?? 0) + 1);
  return count;
}

const minus = (some: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> =>
  new Set([...some].filter((one) => !others.has(one)));
