import type { GrammarExpression, GrammarSyntax } from '../../engine/grammar-syntax.ts';

/** Ends of what an expression can be from one place on, each with its best log-weight. */
type Ends = ReadonlyMap<number, number>;

/**
 * log W of a text, worked out slowly and plainly from the grammar as written: the best way through the rules
 * by trying all, plus each occurrence of each entry and class. Undefined where the text is not in the language.
 *
 * The rules must not be left recursive: `parseGrammar` refuses those.
 */
export function slowWeight(syntax: GrammarSyntax, text: string): number | undefined {
  const characters = Array.from(text, (character) => character.codePointAt(0)!);
  const rules = new Derivations(syntax, characters).ends({ kind: 'rule', rule: syntax.root }, 0);
  const best = rules.get(characters.length);
  const words = wordWeight(syntax, characters);
  return best === undefined || words === undefined ? undefined : best + words;
}

class Derivations {
  readonly #syntax: GrammarSyntax;
  readonly #text: readonly number[];
  /** Ends by expression and by where it begins: repetitions of repetitions come back to the same ones again and again. */
  readonly #known = new Map<GrammarExpression, Map<number, Ends>>();

  constructor(syntax: GrammarSyntax, text: readonly number[]) {
    this.#syntax = syntax;
    this.#text = text;
  }

  ends(expression: GrammarExpression, from: number): Ends {
    const known = this.#known.get(expression) ?? new Map<number, Ends>();
    this.#known.set(expression, known);
    const found = known.get(from) ?? this.#work(expression, from);
    known.set(from, found);
    return found;
  }

  #work(expression: GrammarExpression, from: number): Ends {
    switch (expression.kind) {
      case 'text': {
        const fits = expression.codePoints.every((c, i) => this.#text[from + i] === c);
        return fits ? new Map([[from + expression.codePoints.length, 0]]) : new Map();
      }
      case 'set': {
        const c = this.#text[from];
        const listed = expression.ranges.some(
          ([low, high]) => c !== undefined && low <= c && c <= high,
        );
        return c !== undefined && listed !== expression.negated
          ? new Map([[from + 1, 0]])
          : new Map();
      }
      case 'rule':
        return this.ends(this.#syntax.rules[expression.rule]!.body, from);
      case 'token':
        return new Map();
      case 'sequence':
        return expression.parts.reduce<Ends>(
          (ends, part) => this.#after(ends, (at) => this.ends(part, at)),
          new Map([[from, 0]]),
        );
      case 'choice': {
        const all = new Map<number, number>();
        expression.parts.forEach((part, i) => {
          const weight = Math.log(expression.weights[i]!);
          if (weight > Number.NEGATIVE_INFINITY) merge(all, this.ends(part, from), weight);
        });
        return all;
      }
      case 'repeat':
        return this.#repeat(expression, from);
    }
  }

  #repeat(repeat: GrammarExpression & { kind: 'repeat' }, from: number): Ends {
    const { least, aim, spread, part } = repeat;
    // More copies than characters only repeat what is empty.
    const most = repeat.most ?? least + this.#text.length + 1;
    const all = new Map<number, number>();
    let ends: Ends = new Map([[from, 0]]);
    for (let n = 0; n <= most && ends.size > 0; n++) {
      const soft = aim === undefined || spread === undefined ? 0 : -0.5 * ((n - aim) / spread) ** 2;
      if (n >= least) merge(all, ends, soft);
      ends = this.#after(ends, (at) => this.ends(part, at));
    }
    return all;
  }

  #after(ends: Ends, next: (at: number) => Ends): Ends {
    const all = new Map<number, number>();
    for (const [at, weight] of ends) merge(all, next(at), weight);
    return all;
  }
}

function merge(into: Map<number, number>, from: Ends, plus: number): void {
  for (const [at, weight] of from) {
    into.set(at, Math.max(into.get(at) ?? Number.NEGATIVE_INFINITY, weight + plus));
  }
}

const isLetter = (c: number | undefined): boolean =>
  c !== undefined && /[0-9A-Za-zÀ-ÖØ-öø-\u1fff\u2070-\u{10ffff}]/u.test(String.fromCodePoint(c));
const isApostrophe = (c: number | undefined): boolean => c === 0x27 || c === 0x2019;
const isBlank = (c: number | undefined): boolean => c === 9 || c === 10 || c === 13 || c === 32;

function wordWeight(syntax: GrammarSyntax, text: readonly number[]): number | undefined {
  let nats = 0;
  for (let at = 0; at < text.length; at++) {
    for (const { text: entry, weight, banned } of syntax.entries) {
      if (
        !stands(
          Array.from(entry.trim(), (c) => c.codePointAt(0)!),
          text,
          at,
        )
      )
        continue;
      if (banned) return undefined;
      nats += weight;
    }
  }
  for (const [from, to] of wordsOf(text)) {
    const derivations = new Derivations(syntax, text.slice(from, to));
    for (const { pattern, weight } of syntax.classes)
      if (derivations.ends(pattern, 0).has(to - from)) nats += weight;
  }
  return nats;
}

/** Whether a word could begin here: nothing of one stands before. */
function atBorder(text: readonly number[], at: number): boolean {
  let apostrophes = 0;
  while (isApostrophe(text[at - 1 - apostrophes])) apostrophes++;
  // One apostrophe behind a letter is inside the word; of two the second is outside.
  return !isLetter(text[at - 1 - apostrophes]) || apostrophes >= 2;
}

function stands(entry: readonly number[], text: readonly number[], from: number): boolean {
  const first = entry[0]!;
  if ((isLetter(first) || isApostrophe(first)) && !atBorder(text, from)) return false;
  let at = from;
  for (const [i, key] of entry.entries()) {
    if (isBlank(key)) {
      if (!isBlank(entry[i - 1]) && !isBlank(text[at])) return false;
      while (isBlank(text[at])) at++;
    } else if (!isSaid(key, text[at++])) {
      return false;
    }
  }
  if (!isLetter(entry.at(-1))) return true;
  return !isLetter(text[at]) && !(isApostrophe(text[at]) && isLetter(text[at + 1]));
}

/** Whether a character of an entry stands in the text: a small letter in either case. */
function isSaid(key: number, c: number | undefined): boolean {
  if (c === undefined) return false;
  if (isApostrophe(key)) return isApostrophe(c);
  return c === key || String.fromCodePoint(c).toLowerCase() === String.fromCodePoint(key);
}

/** Begin and end of each word. */
function wordsOf(text: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < text.length; at++) {
    if (!isLetter(text[at])) continue;
    const from = at;
    while (isLetter(text[at]) || (isApostrophe(text[at]) && isLetter(text[at + 1]))) at++;
    found.push([from, at]);
  }
  return found;
}
