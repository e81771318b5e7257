import type { Model } from '../../engine/model.ts';
import type { LexiconGroup } from './lexicon.ts';

/** Any tokeniser of text. */
export type Tokenizer = Pick<Model, 'tokenize' | 'detokenize'>;

/** One token pushed whenever the reply ends in `head`. */
interface Rule {
  readonly token: number;
  readonly weight: number;
}

/** Before a word that is written without its space: the start of the reply, a line, a quotation. */
const opening = /[\s"“‘([—-]/;

/**
 * Pushes words and phrases through the tokens that make them.
 *
 * A word of one token is pushed as that token. A word or phrase of several is pushed only at its last
 * token, and only once the others stand there: banning "As an AI" must not ban "As". So a word is
 * completed more or less often, never begun. Two limits follow: the head of a word of several tokens
 * is not pushed towards, and a phrase spelled by other tokens than the tokeniser's own passes.
 */
export class WordBias {
  /** Tokens that begin with a space and are a whole word: in force all the time. */
  readonly always = new Map<number, number>();
  /** Text the reply ends in → what is pushed then. */
  readonly #after = new Map<string, Rule[]>();
  /** The same for words written without a space, which need an opening before them. */
  readonly #opened = new Map<string, Rule[]>();
  readonly #longest: number;

  constructor(tokenizer: Tokenizer, groups: readonly LexiconGroup[]) {
    for (const { weight, words } of groups) {
      for (const word of words.flatMap(spellings)) {
        this.#add(tokenizer, ` ${word}`, weight, this.#after);
        this.#add(tokenizer, word, weight, this.#opened);
      }
    }
    const heads = [...this.#after.keys(), ...this.#opened.keys()];
    this.#longest = Math.max(0, ...heads.map((head) => head.length));
  }

  #add(tokenizer: Tokenizer, text: string, weight: number, rules: Map<string, Rule[]>): void {
    const tokens = tokenizer.tokenize(text);
    const token = tokens.at(-1);
    if (token === undefined) return;
    const head = tokenizer.detokenize(tokens.subarray(0, -1));
    if (head === '' && rules === this.#after) {
      this.always.set(token, weight);
      return;
    }
    // The tokens before the last one may end within a character, which is then no text to look for.
    if (head.includes('\uFFFD')) return;
    const there = rules.get(head);
    if (there) there.push({ token, weight });
    else rules.set(head, [{ token, weight }]);
  }

  /** Token → push for the token that follows `text`, those in `always` left out. */
  after(text: string): Map<number, number> {
    const found = new Map<number, number>();
    for (let at = text.length; at >= Math.max(0, text.length - this.#longest); at--) {
      const head = text.slice(at);
      for (const { token, weight } of this.#after.get(head) ?? []) found.set(token, weight);
      if (at > 0 && !opening.test(text.charAt(at - 1))) continue;
      for (const { token, weight } of this.#opened.get(head) ?? []) found.set(token, weight);
    }
    return found;
  }
}

/** As listed and with a capital, with straight and with curly apostrophes. */
function spellings(word: string): string[] {
  const capital = word.replace(/^('?)(\p{L})/u, (_, quote: string, letter: string) => {
    return quote + letter.toUpperCase();
  });
  return [...new Set([word, capital].flatMap((one) => [one, one.replaceAll("'", '’')]))];
}
