import { anyCharacter, characterOf, one, type Ranges, union, without } from './characters.ts';

/** A regular expression of a schema, read: what it says of the characters of a string. */
export type Pattern =
  | { readonly kind: 'set'; readonly set: Ranges }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'choice'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' }
  | {
      readonly kind: 'repeat';
      readonly part: Pattern;
      readonly least: number;
      /** Infinite: any number. */
      readonly most: number;
    };

/** Why a pattern cannot be kept. */
export class PatternFault extends Error {}

const mostNesting = 100;
/** How often a grammar's part may be repeated. */
export const mostRepetitions = 2000;

/** @throws {PatternFault} For what is no regular expression, or no regular language. */
export function parsePattern(source: string): Pattern {
  return new PatternReader(source).read();
}

const digits: Ranges = [[0x30, 0x39]];
const wordCharacters = union(digits, [[0x41, 0x5a]], one(0x5f), [[0x61, 0x7a]]);
const spaces = union(
  [[9, 13]],
  one(0x20),
  one(0xa0),
  one(0x1680),
  [[0x2000, 0x200a]],
  [[0x2028, 0x2029]],
  one(0x202f),
  one(0x205f),
  one(0x3000),
  one(0xfeff),
);
const lineEnds = union(one(10), one(13), [[0x2028, 0x2029]]);
const classes: Readonly<Record<string, Ranges>> = {
  d: digits,
  w: wordCharacters,
  s: spaces,
  D: without(anyCharacter, digits),
  W: without(anyCharacter, wordCharacters),
  S: without(anyCharacter, spaces),
};
const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, f: 12, v: 11, '0': 0 };

class PatternReader {
  readonly #letters: readonly string[];
  #at = 0;
  #nesting = 0;

  constructor(source: string) {
    this.#letters = Array.from(source);
  }

  read(): Pattern {
    const whole = this.#choice();
    if (this.#at < this.#letters.length) throw new PatternFault('its ")" opens nowhere');
    return whole;
  }

  #peek(): string | undefined {
    return this.#letters[this.#at];
  }

  #take(letter: string): boolean {
    if (this.#peek() !== letter) return false;
    this.#at++;
    return true;
  }

  #choice(): Pattern {
    if (++this.#nesting > mostNesting) throw new PatternFault('it is nested too deep');
    const parts = [this.#sequence()];
    while (this.#take('|')) parts.push(this.#sequence());
    this.#nesting--;
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    for (let next = this.#peek(); next !== undefined && next !== '|' && next !== ')'; ) {
      parts.push(this.#repeated(this.#atom()));
      next = this.#peek();
    }
    return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts };
  }

  #atom(): Pattern {
    const letter = this.#letters[this.#at++]!;
    switch (letter) {
      case '^':
        return { kind: 'start' };
      case '$':
        return { kind: 'end' };
      case '.':
        return { kind: 'set', set: without(anyCharacter, lineEnds) };
      case '[':
        return { kind: 'set', set: this.#class() };
      case '(':
        return this.#group();
      case '\\':
        return { kind: 'set', set: this.#escape() };
      case '*':
      case '+':
      case '?':
        throw new PatternFault(`its "${letter}" repeats nothing`);
      default:
        return { kind: 'set', set: one(letter.codePointAt(0)!) };
    }
  }

  #group(): Pattern {
    if (this.#take('?')) {
      const named = this.#letters
        .slice(this.#at)
        .join('')
        .match(/^<[A-Za-z_$][\w$]*>/)?.[0];
      if (named) this.#at += named.length;
      else if (!this.#take(':')) throw new PatternFault('it looks ahead or behind');
    }
    const inner = this.#choice();
    if (!this.#take(')')) throw new PatternFault('its "(" is not closed');
    return inner;
  }

  #repeated(part: Pattern): Pattern {
    const [least, most] = this.#count() ?? [1, 1];
    if (least === 1 && most === 1) return part;
    if (part.kind === 'start' || part.kind === 'end')
      throw new PatternFault('it repeats "^" or "$"');
    if (most < least) throw new PatternFault(`it repeats ${least} to ${most} times`);
    if (least > mostRepetitions)
      throw new PatternFault(`it repeats more than ${mostRepetitions} times`);
    this.#take('?'); // as few as possible: the same texts
    if (/^[*+?{]$/.test(this.#peek() ?? ''))
      return this.#repeated({ kind: 'repeat', part, least, most });
    return { kind: 'repeat', part, least, most };
  }

  #count(): [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (this.#peek() !== '{') return undefined;
    const [all, least, comma, most] =
      /^\{(\d+)(,?)(\d*)\}/.exec(this.#letters.slice(this.#at, this.#at + 30).join('')) ?? [];
    if (all === undefined) return undefined;
    this.#at += all.length;
    if (most) return [Number(least), Number(most)];
    return [Number(least), comma ? Number.POSITIVE_INFINITY : Number(least)];
  }

  #class(): Ranges {
    const isNegated = this.#take('^');
    const sets: Ranges[] = [];
    while (!this.#take(']')) {
      const low = this.#classMember();
      const isRange = this.#peek() === '-' && this.#letters[this.#at + 1] !== ']';
      if (!isRange || low.length !== 1 || low[0]![0] !== low[0]![1]) {
        sets.push(low);
        continue;
      }
      this.#at++;
      const [high, ...more] = this.#classMember();
      if (!high || more.length > 0 || high[0] !== high[1] || high[0] < low[0]![0])
        throw new PatternFault('a range of its "[…]" is none');
      sets.push([[low[0]![0], high[0]]]);
    }
    const found = union(...sets);
    return isNegated ? without(anyCharacter, found) : found;
  }

  #classMember(): Ranges {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw new PatternFault('its "[" is not closed');
    if (letter !== '\\') return one(letter.codePointAt(0)!);
    if (this.#take('b')) return one(8);
    return this.#escape();
  }

  #escape(): Ranges {
    const letter = this.#letters[this.#at++];
    if (letter === undefined) throw new PatternFault('it ends in "\\"');
    if (Object.hasOwn(classes, letter)) return classes[letter]!;
    if (Object.hasOwn(controls, letter)) return one(controls[letter]!);
    if (letter === 'x' || letter === 'u') return one(this.#hex(letter === 'x' ? 2 : 4));
    if (letter === 'b' || letter === 'B') throw new PatternFault(`"\\${letter}" looks around`);
    if (/[1-9k]/.test(letter)) throw new PatternFault('it refers back to a group');
    if (/[A-Za-z]/.test(letter)) throw new PatternFault(`"\\${letter}" is not known here`);
    return one(letter.codePointAt(0)!);
  }

  #hex(length: number): number {
    const text = this.#letters.slice(this.#at, this.#at + length).join('');
    if (!/^[0-9a-fA-F]+$/.test(text) || text.length !== length)
      throw new PatternFault('a "\\u" or "\\x" of it has no digits');
    this.#at += length;
    return Number.parseInt(text, 16);
  }
}

/** Least and most characters of the strings that a pattern without anchors matches. */
export function lengthsOf(pattern: Pattern): readonly [least: number, most: number] {
  switch (pattern.kind) {
    case 'set':
      return [1, 1];
    case 'start':
    case 'end':
      return [0, 0];
    case 'sequence':
      return pattern.parts
        .map(lengthsOf)
        .reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0] as readonly [number, number]);
    case 'choice': {
      const all = pattern.parts.map(lengthsOf);
      return [Math.min(...all.map(([a]) => a)), Math.max(...all.map(([, b]) => b))];
    }
    case 'repeat': {
      const [a, b] = lengthsOf(pattern.part);
      return [a * pattern.least, b === 0 ? 0 : b * pattern.most];
    }
  }
}

/**
 * Anchors taken off both ends, and any text put there where there are none: a pattern of a schema is looked for anywhere.
 *
 * @throws {PatternFault} For an anchor in the middle.
 */
export function wholePattern(pattern: Pattern): Pattern {
  if (pattern.kind === 'choice') return { kind: 'choice', parts: pattern.parts.map(wholePattern) };
  const parts = pattern.kind === 'sequence' ? [...pattern.parts] : [pattern];
  const starts = parts[0]?.kind === 'start';
  if (starts) parts.shift();
  const ends = parts.at(-1)?.kind === 'end';
  if (ends) parts.pop();
  // "^(a|b)$" and "(^a$|^b$)": a group alone may bring its own anchors.
  const [only] = parts;
  if (!starts && !ends && parts.length === 1 && only!.kind === 'choice') return wholePattern(only!);
  if (parts.some(hasAnchor)) throw new PatternFault('it has "^" or "$" in the middle');
  const anything: Pattern = {
    kind: 'repeat',
    part: { kind: 'set', set: anyCharacter },
    least: 0,
    most: Number.POSITIVE_INFINITY,
  };
  return {
    kind: 'sequence',
    parts: [...(starts ? [] : [anything]), ...parts, ...(ends ? [] : [anything])],
  };
}

function hasAnchor(pattern: Pattern): boolean {
  switch (pattern.kind) {
    case 'start':
    case 'end':
      return true;
    case 'repeat':
      return hasAnchor(pattern.part);
    case 'set':
      return false;
    default:
      return pattern.parts.some(hasAnchor);
  }
}

/**
 * A pattern as the inside of a JSON string, in a grammar's notation.
 *
 * @throws {PatternFault} If no text matches it.
 */
export function patternGrammar(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'set':
      return characterOf(pattern.set) ?? fault('a "[…]" of it allows no character');
    case 'sequence':
      return pattern.parts.length === 0
        ? '""'
        : pattern.parts.map((part) => grouped(part)).join(' ');
    case 'choice':
      return `(${pattern.parts.map(patternGrammar).join(' | ')})`;
    case 'repeat':
      return grouped(pattern.part) + countText(pattern.least, pattern.most);
    default:
      return '""';
  }
}

function grouped(part: Pattern): string {
  const text = patternGrammar(part);
  return part.kind === 'sequence' || part.kind === 'repeat' ? `(${text})` : text;
}

function fault(why: string): never {
  throw new PatternFault(why);
}

/** How often something stands, in a grammar's notation; counts beyond what a grammar can count are held to that. */
export function countText(least: number, most: number): string {
  if (most === Number.POSITIVE_INFINITY)
    return least === 0 ? '*' : least === 1 ? '+' : `{${least},}`;
  return `{${least},${Math.min(most, mostRepetitions)}}`;
}
