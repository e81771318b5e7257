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
/** Characters, and expressions written, after which a text is given up: repetitions multiply. */
const longest = 1_000_000;
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

  /** @throws {DramatisError} GRAMMAR_INVALID if the bans leave nothing that is easily found, or a text is endless for all that one can do with it. */
  draw(): string {
    const drawn: { text: string; nats: number }[] = [];
    for (let i = 0; i < tries; i++) {
      this.#length = 0;
      const text = this.#expression({ kind: 'rule', rule: this.#syntax.root });
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

  /** The text of an expression; a list of what is still to be written stands for calls inside each other. */
  #expression(whole: GrammarExpression): string {
    const text: string[] = [];
    const waiting: Waiting[] = [{ expression: whole, depth: 0, times: 1 }];
    let written = 0;
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (++written > longest || this.#length > longest) throw tooLong();
      if (next.times > 1) waiting.push({ ...next, times: next.times - 1 });
      const { expression, depth } = next;
      switch (expression.kind) {
        case 'text':
          this.#length += expression.codePoints.length;
          for (const codePoint of expression.codePoints) text.push(String.fromCodePoint(codePoint));
          break;
        case 'set':
          this.#length++;
          text.push(this.#character(expression.ranges, expression.negated));
          break;
        case 'rule': {
          const { body } = this.#syntax.rules[expression.rule]!;
          waiting.push({ expression: body, depth: depth + 1, times: 1 });
          break;
        }
        case 'token':
          throw new DramatisError('GRAMMAR_INVALID', `the token ${expression.text} has no text`);
        case 'sequence':
          for (let i = expression.parts.length; i-- > 0; )
            waiting.push({ expression: expression.parts[i]!, depth, times: 1 });
          break;
        case 'choice':
          waiting.push({ expression: this.#alternative(expression, depth), depth, times: 1 });
          break;
        case 'repeat': {
          const times = this.#count(expression, depth);
          if (times > 0) waiting.push({ expression: expression.part, depth, times });
        }
      }
    }
    return text.join('');
  }

  #alternative(choice: GrammarExpression & { kind: 'choice' }, depth: number): GrammarExpression {
    // An alternative that weighs 0 is no way out, however short.
    const needs = choice.parts.map((part, i) =>
      choice.weights[i] === 0 ? Number.POSITIVE_INFINITY : need(part, this.#depths),
    );
    let least = Number.POSITIVE_INFINITY;
    for (const one of needs) least = Math.min(least, one);
    const isOpen = (one: number): boolean =>
      one < Number.POSITIVE_INFINITY && (one === least || !this.#isEnough(depth));
    const weights = choice.weights.map((weight, i) => (isOpen(needs[i]!) ? weight : 0));
    return choice.parts[this.#choose(weights)]!;
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

const tooLong = (): DramatisError =>
  new DramatisError(
    'GRAMMAR_INVALID',
    `a text was drawn that is longer than ${longest.toLocaleString('en')} characters`,
    { remedy: 'Let the rules repeat less: repetitions inside of each other multiply.' },
  );

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

/** Something still to be written. */
interface Waiting {
  readonly expression: GrammarExpression;
  /** Rules around it. */
  readonly depth: number;
  readonly times: number;
}

/** A part of a rule's body that waits for rules to be known to end. */
interface Part {
  /** Undefined for the whole body. */
  readonly parent: Part | undefined;
  readonly rule: number;
  /** Parts that must be known to end before it is: of a choice one, of a sequence all. */
  missing: number;
}

/** Whether any text of a grammar comes to its end; one that asks for tokens by number has none. */
export function canEnd(syntax: GrammarSyntax): boolean {
  return depths(syntax)[syntax.root] !== Number.POSITIVE_INFINITY;
}

/**
 * Fewest rules inside each other for each rule's shortest text; infinite if none ends.
 *
 * Found from the shortest up: each part of each rule is looked at once.
 */
function depths(syntax: GrammarSyntax): number[] {
  const found = syntax.rules.map(() => Number.POSITIVE_INFINITY);
  const callers: Part[][] = syntax.rules.map(() => []);
  let ended: Part[] = [];
  for (const [rule, { body }] of syntax.rules.entries()) findParts(body, rule, { callers, ended });
  for (let depth = 0; ended.length > 0; depth++) {
    const rules: number[] = [];
    while (ended.length > 0) {
      const part = ended.pop()!;
      if (part.parent === undefined) {
        if (found[part.rule] === Number.POSITIVE_INFINITY) rules.push(part.rule);
        found[part.rule] = Math.min(found[part.rule]!, depth + 1);
      } else if (--part.parent.missing === 0) ended.push(part.parent);
    }
    ended = rules.flatMap((rule) => callers[rule]!);
  }
  return found;
}

/** Lists the parts of a body that end by themselves, and those that call a rule. */
function findParts(
  body: GrammarExpression,
  rule: number,
  { callers, ended }: { readonly callers: Part[][]; readonly ended: Part[] },
): void {
  const waiting: [GrammarExpression, Part | undefined][] = [[body, undefined]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [expression, parent] = next;
    const part: Part = { parent, rule, missing: 1 };
    const inner = neededParts(expression);
    if (expression.kind === 'rule') callers[expression.rule]!.push(part);
    else if (expression.kind === 'sequence') part.missing = inner.length;
    if (inner.length > 0) for (const one of inner) waiting.push([one, part]);
    else if (endsAlone(expression)) ended.push(part);
  }
}

/** The parts of which all, or of a choice one, must end that it does. */
function neededParts(expression: GrammarExpression): readonly GrammarExpression[] {
  if (expression.kind === 'sequence') return expression.parts;
  if (expression.kind === 'choice')
    return expression.parts.filter((_, i) => expression.weights[i] !== 0);
  return expression.kind === 'repeat' && expression.least > 0 ? [expression.part] : [];
}

const endsAlone = ({ kind }: GrammarExpression): boolean =>
  kind !== 'token' && kind !== 'rule' && kind !== 'choice';

/** Rules inside each other that an expression needs; infinite if it never ends. */
function need(expression: GrammarExpression, found: readonly number[]): number {
  switch (expression.kind) {
    case 'rule':
      return found[expression.rule]!;
    case 'sequence':
      return expression.parts.reduce((most, part) => Math.max(most, need(part, found)), 0);
    case 'choice':
      return expression.parts.reduce(
        (least, part, i) =>
          expression.weights[i] === 0 ? least : Math.min(least, need(part, found)),
        Number.POSITIVE_INFINITY,
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
