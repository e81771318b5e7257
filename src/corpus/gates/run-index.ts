import { words } from '../../play/words.ts';

/** A text and where it stands, such as "3.1.56". */
export interface PlacedText {
  readonly place: string;
  readonly text: string;
}

/** How a text agrees with an index up to one of its words. */
export interface Agreement {
  /** So many words, this one the last, stand in the index in this order. */
  readonly length: number;
  /** Place of a text of the index that has them; undefined if `length` is 0. */
  readonly place: string | undefined;
}

/** Stands between texts: no word has this number, so no run goes from one text into the next. */
const border = 0;
const root = 0;

/**
 * Every run of words of some texts, of any length, exactly: for finding what another text has in common with them.
 *
 * A suffix automaton over words. Building it and looking a text up take time in proportion to the words, whatever they
 * are; it has at most two states a word. Words are those of `words`: case and punctuation do not count.
 *
 * @see Blumer, Blumer, Haussler, Ehrenfeucht, Chen & Seiferas, "The smallest automaton recognizing the subwords of a
 *   text", 1985; matching by suffix links after Chang & Lawler, 1994.
 */
export class RunIndex {
  readonly #ids = new Map<string, number>();
  readonly #places: string[] = [];
  readonly #edges = new Edges();
  /** By state: words of the longest run that leads to it, the state of that run's longest other suffix, and a text. */
  readonly #length = [0];
  readonly #link = [-1];
  readonly #text = [-1];
  #last = root;

  constructor(texts: Iterable<PlacedText> = []) {
    for (const text of texts) this.add(text);
  }

  add({ place, text }: PlacedText): void {
    this.#places.push(place);
    for (const word of words(text)) {
      let id = this.#ids.get(word);
      if (id === undefined) {
        id = this.#ids.size + 1;
        this.#ids.set(word, id);
      }
      this.#extend(id);
    }
    this.#extend(border);
  }

  /** One for each of the words, in order. */
  agreements(ofWords: readonly string[]): Agreement[] {
    let state = root;
    let length = 0;
    return ofWords.map((word) => {
      const id = this.#ids.get(word) ?? -1;
      let next = this.#edges.get(state, id);
      while (next === undefined && state !== root) {
        state = this.#link[state]!;
        length = this.#length[state]!;
        next = this.#edges.get(state, id);
      }
      state = next ?? root;
      length = next === undefined ? 0 : length + 1;
      return { length, place: this.#places[this.#text[state]!] };
    });
  }

  /** Lets every run that ended with the word before go on with this one. */
  #extend(word: number): void {
    const length = this.#length;
    const link = this.#link;
    const state = this.#newState(length[this.#last]! + 1, this.#places.length - 1);
    let from = this.#last;
    this.#last = state;
    while (from !== -1 && this.#edges.get(from, word) === undefined) {
      this.#edges.set(from, word, state);
      from = link[from]!;
    }
    if (from === -1) {
      link[state] = root;
      return;
    }
    const next = this.#edges.get(from, word)!;
    if (length[next] === length[from]! + 1) {
      link[state] = next;
      return;
    }
    // The shorter runs that led to `next` now occur where its longer ones do not: they get a state of their own.
    const shorter = this.#newState(length[from]! + 1, this.#text[next]!);
    this.#edges.copy(next, shorter);
    link[shorter] = link[next]!;
    link[next] = shorter;
    link[state] = shorter;
    for (; from !== -1 && this.#edges.get(from, word) === next; from = link[from]!)
      this.#edges.set(from, word, shorter);
  }

  #newState(length: number, text: number): number {
    this.#link.push(root);
    this.#text.push(text);
    return this.#length.push(length) - 1;
  }
}

/** Which state follows a state by a word. Most states have one follower: only the others pay for a map. */
class Edges {
  readonly #word: number[] = [];
  readonly #to: number[] = [];
  readonly #more = new Map<number, Map<number, number>>();

  get(state: number, word: number): number | undefined {
    return this.#word[state] === word ? this.#to[state] : this.#more.get(state)?.get(word);
  }

  set(state: number, word: number, to: number): void {
    this.#word[state] ??= word;
    if (this.#word[state] === word) {
      this.#to[state] = to;
      return;
    }
    const more = this.#more.get(state);
    if (more) more.set(word, to);
    else this.#more.set(state, new Map([[word, to]]));
  }

  copy(source: number, target: number): void {
    this.#word[target] = this.#word[source]!;
    this.#to[target] = this.#to[source]!;
    const more = this.#more.get(source);
    if (more) this.#more.set(target, new Map(more));
  }
}
