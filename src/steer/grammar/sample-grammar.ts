import {
  byteGrammar,
  type GrammarExpression,
  type GrammarSyntax,
  parseGrammar,
  weighText,
} from '../../engine/grammar-syntax.ts';
import { DramatisError } from '../../errors.ts';
import { banLine, classLine, lexiconLine } from './grammar-text.ts';

/** How likely a repetition goes on. */
const goOn = 0.75;
/** Rules inside each other, and characters, after which the shortest way out is taken: rules may breed. */
const deepEnough = 24;
const longEnough = 150;
/** Texts drawn for one that words and bans choose. */
const tries = 32;
/** Printed characters that stand for "any character". */
const printable: readonly (readonly [number, number])[] = [[0x20, 0x7e]];

/**
 * Draws texts from a grammar without a model: alternatives by their weights, repetitions by soft length or by
 * chance, characters evenly; among such texts the lexicons, classes and bans choose.
 */
export class GrammarSampler {
  readonly #syntax: GrammarSyntax;
  readonly #random: () => number;
  /** Fewest rules inside each other that a text of each rule needs. */
  readonly #depths: readonly number[];
  /** log-weight that the words of a text earn; undefined if one is banned. */
  readonly #wordNats: (text: string) => number | undefined;
  /** Characters of the text being drawn. */
  #length = 0;

  /**
   * @param random Uniform in [0, 1).
   * @throws {DramatisError} GRAMMAR_INVALID, also where no text can be drawn: tokens named by number, endless rules.
   */
  constructor(text: string, random: () => number) {
    this.#syntax = parseGrammar(text);
    this.#random = random;
    this.#depths = depths(this.#syntax);
    const words = wordLines(this.#syntax);
    const grammar = words === '' ? undefined : byteGrammar(words);
    this.#wordNats = grammar ? (drawn) => weighText(grammar, drawn) : () => 0;
    if (this.#depths[this.#syntax.root] === Number.POSITIVE_INFINITY) {
      throw new DramatisError(
        'GRAMMAR_INVALID',
        'no text ends under this grammar, or it asks for tokens',
      );
    }
  }

  /** @throws {DramatisError} GRAMMAR_INVALID if the bans leave nothing that is easily found. */
  draw(): string {
    const drawn: { text: string; nats: number }[] = [];
    for (let i = 0; i < tries; i++) {
      this.#length = 0;
      const text = this.#expression({ kind: 'rule', rule: this.#syntax.root }, 0);
      const nats = this.#wordNats(text);
      if (nats === undefined) continue;
      drawn.push({ text, nats });
      if (this.#syntax.classes.length + this.#syntax.entries.length === 0) break;
    }
    if (drawn.length === 0) {
      throw new DramatisError(
        'GRAMMAR_INVALID',
        `each of ${tries} texts drawn holds a banned phrase`,
        { remedy: 'Ban less, or let the rules say more.' },
      );
    }
    const most = Math.max(...drawn.map(({ nats }) => nats));
    return drawn[this.#choose(drawn.map(({ nats }) => Math.exp(nats - most)))]!.text;
  }

  #expression(expression: GrammarExpression, depth: number): string {
    switch (expression.kind) {
      case 'text':
        this.#length += expression.codePoints.length;
        return String.fromCodePoint(...expression.codePoints);
      case 'set':
        this.#length++;
        return this.#character(expression.ranges, expression.negated);
      case 'rule':
        return this.#expression(this.#syntax.rules[expression.rule]!.body, depth + 1);
      case 'token':
        throw new DramatisError('GRAMMAR_INVALID', `the token ${expression.text} has no text`);
      case 'sequence':
        return expression.parts.map((part) => this.#expression(part, depth)).join('');
      case 'choice': {
        const needs = expression.parts.map((part) => need(part, this.#depths));
        const least = Math.min(...needs);
        const open = expression.weights.map((weight, i) => {
          if (needs[i] === Number.POSITIVE_INFINITY) return 0;
          return this.#isEnough(depth) && needs[i]! > least ? 0 : weight;
        });
        // The shortest way may be one that weighs 0.
        const weights = open.some((weight) => weight > 0) ? open : expression.weights;
        return this.#expression(expression.parts[this.#choose(weights)]!, depth);
      }
      case 'repeat': {
        let text = '';
        for (let left = this.#count(expression, depth); left > 0; left--)
          text += this.#expression(expression.part, depth);
        return text;
      }
    }
  }

  #count(repeat: GrammarExpression & { kind: 'repeat' }, depth: number): number {
    const { least, most, aim, spread } = repeat;
    if (need(repeat.part, this.#depths) === Number.POSITIVE_INFINITY) return 0;
    if (aim !== undefined && spread !== undefined) {
      const counts = Array.from({ length: most! - least + 1 }, (_, i) => least + i);
      const logs = counts.map((n) => -0.5 * ((n - aim) / spread) ** 2);
      const best = Math.max(...logs);
      return counts[this.#choose(logs.map((log) => Math.exp(log - best)))]!;
    }
    let count = least;
    const end = this.#isEnough(depth) ? least : (most ?? longEnough);
    while (count < end && this.#random() < goOn) count++;
    return count;
  }

  #isEnough(depth: number): boolean {
    return depth > deepEnough || this.#length > longEnough;
  }

  #character(ranges: readonly (readonly [number, number])[], negated: boolean): string {
    const open = negated ? without(printable, ranges) : ranges.flatMap(textOnly);
    // A set without a printable character: the first it leaves, from U+0080 on.
    if (open.length === 0) return String.fromCodePoint(firstOutside(ranges));
    const sizes = open.map(([low, high]) => Math.max(0, high - low + 1));
    const [low, high] = open[this.#choose(sizes)]!;
    return String.fromCodePoint(low + Math.floor(this.#random() * (high - low + 1)));
  }

  /** An index, by weight. */
  #choose(weights: readonly number[]): number {
    const sum = weights.reduce((total, weight) => total + weight, 0);
    let at = this.#random() * sum;
    const found = weights.findIndex((weight) => {
      at -= weight;
      return weight > 0 && at < 0;
    });
    return found < 0 ? weights.findLastIndex((weight) => weight > 0) : found;
  }
}

/** The part of a range that a text can hold: no halves of surrogate pairs, nothing above U+10FFFF. */
function textOnly([low, high]: readonly [number, number]): [number, number][] {
  const parts: [number, number][] = [
    [low, Math.min(high, 0xd7ff)],
    [Math.max(low, 0xe000), Math.min(high, 0x10ffff)],
  ];
  return parts.filter(([from, to]) => from <= to);
}

function without(
  ranges: readonly (readonly [number, number])[],
  taken: readonly (readonly [number, number])[],
): (readonly [number, number])[] {
  return taken.reduce<(readonly [number, number])[]>(
    (left, [low, high]) =>
      left
        .flatMap(([from, to]): [number, number][] => [
          [from, Math.min(to, low - 1)],
          [Math.max(from, high + 1), to],
        ])
        .filter(([from, to]) => from <= to),
    [...ranges],
  );
}

function firstOutside(ranges: readonly (readonly [number, number])[]): number {
  let c = 0x80;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0]))
    if (low <= c && c <= high) c = high + 1;
  return c;
}

/** Fewest rules inside each other for each rule's shortest text; infinite if none ends. */
function depths(syntax: GrammarSyntax): number[] {
  const found = syntax.rules.map(() => Number.POSITIVE_INFINITY);
  for (let changed = true; changed; ) {
    changed = false;
    syntax.rules.forEach((rule, i) => {
      const depth = 1 + need(rule.body, found);
      if (depth >= found[i]!) return;
      found[i] = depth;
      changed = true;
    });
  }
  return found;
}

function need(expression: GrammarExpression, found: readonly number[]): number {
  switch (expression.kind) {
    case 'rule':
      return found[expression.rule]!;
    case 'sequence':
      return Math.max(0, ...expression.parts.map((part) => need(part, found)));
    case 'choice':
      return Math.min(
        ...expression.parts.map((part, i) =>
          expression.weights[i] === 0 ? Number.POSITIVE_INFINITY : need(part, found),
        ),
      );
    case 'repeat':
      return expression.least === 0 ? 0 : need(expression.part, found);
    case 'token':
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

/** A grammar of the lexicons, classes and bans alone. */
function wordLines({ entries, classes }: GrammarSyntax): string {
  const banned = entries.filter(({ banned }) => banned).map(({ text }) => text);
  const weighed = entries.filter(({ banned }) => !banned);
  return [
    ...(banned.length > 0 ? [banLine(banned)] : []),
    ...(weighed.length > 0 ? [lexiconLine('all', 0, weighed)] : []),
    ...classes.map(({ source, weight }) => classLine(source, weight)),
  ].join('\n');
}
