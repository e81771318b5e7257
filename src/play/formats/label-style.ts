import { normalName } from '../cast/label.ts';
import { isDirectionText } from '../direction.ts';
import { isNumberedHeading } from './text-frame.ts';

/**
 * How a plain text prints its labels.
 *
 * - `own`: on a line of their own, "Ham." or "HAMLET" (Project Gutenberg, Folger)
 * - `run`: before the words on the same line, "HAMLET. To be" (World Library, First Folio), "Hamlet: To be"
 * - `gap`: before the words, with a tab or spaces between, "HAMLET  To be" (Folger, Moby)
 */
export type LabelStyle = 'own' | 'run' | 'gap';

/** A line that may begin with a label. */
export interface LabelMatch {
  readonly style: LabelStyle;
  readonly label: string;
  /** A direction that belongs to the label, such as "aside" in "HAMLET, [aside]". */
  readonly direction: string;
  readonly rest: string;
  readonly capitals: boolean;
  readonly indent: number;
  /** Nothing but one space parts it from its words: a stop was lost. */
  readonly unstopped: boolean;
}

/** Names in one label, joint ones included. */
const maxTokens = 7;
/** How much of a known word an abbreviation may be, in letters. */
const maxBeginning = 16;
const maxIndent = 12;
const name = /(?:\d{1,2}(?:st|nd|rd|th)?|[A-ZÀ-Þ][A-Za-zÀ-ÿ'’ſ-]*|(?:wo)?man\b|boy\b)/y;
const between =
  /(?:,? (?:and|&) | ?\/ ?|, | (?:of|the|to|of the|in) | )(?=[A-ZÀ-Þ\d]|(?:wo)?man\b|boy\b)/y;
const numberAlone = /\d{1,2}(?:\.(?= )|(?= ))/y;
const stopBetween = /\.? ?(?:and|&) (?=[A-ZÀ-Þ\d])/y;
/** "Y. Siward", "1. Murd." */
const initialStop = /\. ?(?=[A-ZÀ-Þ])/y;
const bracketed =
  /(?:[,.]?[ \t]{0,3}(?:\[|\()_?([^\])_]{1,120})_?[\])]| (within|above|below|aside)\b)[.:]?/y;

/** Reads the label that a line may begin with; undefined if it cannot be one in any style. */
function matchLabel(line: string): LabelMatch | undefined {
  const indent = line.length - line.trimStart().length;
  if (indent > maxIndent || line.length === indent) return undefined;
  const end = labelEnd(line, indent);
  if (end === undefined || isNumberedHeading(line) || isDirectionText(line)) return undefined;
  const label = line.slice(indent, end);
  const capitals = !/[a-z]/.test(label.replace(/\b(?:and|of|the|to|in)\b|\d(?:st|nd|rd|th)/g, ''));
  bracketed.lastIndex = end;
  const inside = bracketed.exec(line);
  const after = line.slice(inside ? bracketed.lastIndex : end);
  const rest = after.trim();
  const direction = inside?.[1] ?? inside?.[2] ?? '';
  const match = { label, direction, rest, capitals, indent };
  const placed = placing(line.slice(end), after, match);
  return placed && { ...match, ...placed };
}

type Placing = Pick<LabelMatch, 'style' | 'unstopped'>;

/** How a label is parted from its words. */
function placing(
  behind: string,
  after: string,
  { label, direction, rest, capitals, indent }: Omit<LabelMatch, keyof Placing>,
): Placing | undefined {
  if (/^[ \t]*\t/.test(behind) && indent === 0) return { style: 'gap', unstopped: false };
  if (rest === '') return { style: 'own', unstopped: false };
  if (/[.:]$/.test(label) || direction !== '')
    return /^\s/.test(after) ? { style: 'run', unstopped: false } : undefined;
  if (/^\d$/.test(label)) return { style: 'run', unstopped: false };
  if (!capitals || label.length < 2) return undefined;
  if (/^ {2}/.test(after)) return { style: 'gap', unstopped: false };
  return /^ [A-Z'’][a-z'’]/.test(after) ? { style: 'run', unstopped: true } : undefined;
}

/** Where the names at `from` end, a stop or colon included; undefined if there is no name. */
function labelEnd(line: string, from: number): number | undefined {
  let end: number | undefined;
  let at = from;
  // Behind "1." alone, should what follows turn out to be words.
  const number = take(numberAlone, line, from);
  for (let tokens = 0; tokens < maxTokens; tokens++) {
    const token = take(name, line, at);
    if (token === undefined) break;
    // In a label of capitals a word with small letters is not of the label any more.
    if (tokens > 0 && /[a-z]/.test(token) && /^[^a-z]{2,}$/.test(line.slice(from, end))) break;
    at += token.length;
    end = at;
    const stopped = line[at] === '.' || line[at] === ':';
    const separator = stopped ? afterStop(line, at, token) : take(between, line, at);
    if (separator === undefined) {
      if (stopped) return at + 1;
      break;
    }
    at += separator.length;
  }
  return at < line.length && number !== undefined ? from + number.length : end;
}

/** What a label goes on with behind a stop: "Ros. and Guil.", "Y. Siward". */
function afterStop(line: string, at: number, token: string): string | undefined {
  return (
    take(stopBetween, line, at) ?? (token.length === 1 ? take(initialStop, line, at) : undefined)
  );
}

function take(pattern: RegExp, line: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}

/** Which labels a text uses, learned from how often lines begin with them. */
export class LabelBook {
  readonly style: LabelStyle;
  /** Labels are printed in capitals. */
  readonly capitals: boolean;
  /** The indent of most labels, in characters. */
  readonly indent: number;
  readonly #counts = new Map<string, number>();
  /** Every beginning of the words that an unusual label may be short for. */
  readonly #beginnings = new Set<string>();

  /** @param known Words of the cast list and of entrances, in capitals: what an unusual label may be short for. */
  constructor(lines: readonly string[], known: ReadonlySet<string>) {
    for (const word of known)
      for (let end = 1; end <= Math.min(word.length, maxBeginning); end++)
        this.#beginnings.add(word.slice(0, end));
    const seen: Record<LabelStyle, LabelMatch[]> = { own: [], run: [], gap: [] };
    lines.forEach((line, i) => {
      const match = matchLabel(line);
      if (!match || !fitsAround(match, lines, i)) return;
      seen[match.style].push(match);
      this.#counts.set(labelKey(match), (this.#counts.get(labelKey(match)) ?? 0) + 1);
    });
    // A label comes again: where there are such, only they tell the style.
    const once = [...this.#counts.values()].every((count) => count === 1);
    const telling = (style: LabelStyle): LabelMatch[] =>
      seen[style].filter((match) => once || this.#count(match) > 1);
    const weights = { own: telling('own'), run: telling('run'), gap: telling('gap') };
    this.style = (['own', 'run', 'gap'] as const).reduce((best, style) =>
      weights[style].length > weights[best].length ? style : best,
    );
    const usual = weights[this.style];
    this.capitals = usual.filter(({ capitals }) => capitals).length > usual.length / 2;
    this.indent = upperMedian(usual.map(({ indent }) => indent));
  }

  #count(match: LabelMatch): number {
    return this.#counts.get(labelKey(match)) ?? 0;
  }

  /** The label a line begins with, if this text would print one there. */
  at(lines: readonly string[], i: number): LabelMatch | undefined {
    const match = matchLabel(lines[i]!);
    if (!match) return undefined;
    const tabbed = match.style === 'gap' && this.style === 'gap';
    if (this.capitals && !match.capitals && !tabbed && !this.#isRole(match.label)) return undefined;
    const count = this.#count(match);
    if (match.style === 'own') return this.#ownLine(match, lines, i, count);
    if (match.style === 'run' && this.style === 'run') return this.#runIn(match, lines, i, count);
    if (match.unstopped) return undefined;
    const sure = match.capitals && this.capitals && count > 1;
    if (match.style === 'gap')
      return this.style !== 'run' && (sure || this.style === 'gap') ? match : undefined;
    return sure ? match : undefined;
  }

  #ownLine(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
  ): LabelMatch | undefined {
    const next = (lines[i + 1] ?? '').trim();
    if (match.direction !== '') return count > 1 ? match : undefined;
    if (next === '' || this.style === 'run') return undefined;
    const apart =
      i === 0 ||
      lines[i - 1]!.trim() === '' ||
      isDirectionText(lines[i - 1]!) ||
      /\]\s*$/.test(lines[i - 1]!);
    if (this.capitals) return match.capitals || apart ? match : undefined;
    const stopped = /[.:]$/.test(match.label);
    return apart &&
      stopped &&
      (count > 1 || this.#isRole(match.label) || this.#isShort(match.label))
      ? match
      : undefined;
  }

  #runIn(
    match: LabelMatch,
    lines: readonly string[],
    i: number,
    count: number,
  ): LabelMatch | undefined {
    if (match.unstopped && (count < 3 || !match.capitals)) return undefined;
    const apart = i === 0 || lines[i - 1]!.trim() === '';
    const usual = Math.abs(match.indent - this.indent) <= 1;
    const placed =
      this.indent > 0 ? usual || (match.indent > 0 && count > 1) : apart || match.capitals;
    if (!placed || match.indent > this.indent + 3) return undefined;
    return count > 1 || this.#isRole(match.label) || this.#isShort(match.label) ? match : undefined;
  }

  #isRole(label: string): boolean {
    return /^(?:\d|i{1,3}|first|second|third|fourth|fifth|both|all|omnes)\b/i.test(label);
  }

  /** Whether the label begins like a word of the cast list or of an entrance. */
  #isShort(label: string): boolean {
    const tokens = normalName(label)
      .split(' ')
      .filter((token) => !/^(?:AND|&|OF|THE|TO)$/.test(token));
    return tokens.length <= 3 && tokens.every((token) => this.#beginnings.has(token));
  }
}

const labelKey = ({ label, capitals }: LabelMatch): string =>
  `${capitals ? 'c' : 't'}${normalName(label)}`;

/** Labels of their own have their words below; run-in ones are indented, or stand at the start of a paragraph. */
function fitsAround(match: LabelMatch, lines: readonly string[], i: number): boolean {
  if (match.unstopped) return false;
  const apart = i === 0 || lines[i - 1]!.trim() === '';
  if (match.style === 'own')
    return (
      apart && (lines[i + 1] ?? '').trim() !== '' && (match.capitals || /[.:]$/.test(match.label))
    );
  return match.capitals || match.indent > 0 || apart;
}

/** The value in the middle; of two, the higher one. */
function upperMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
