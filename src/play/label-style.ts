import { isDirectionText } from './direction.ts';
import { normalName } from './label.ts';
import { isHeadingLine } from './text-frame.ts';

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
const maxIndent = 12;
const name = /(?:\d{1,2}(?:st|nd|rd|th)?|[A-ZÀ-Þ][A-Za-zÀ-ÿ'’ſ-]*)/y;
const between = /(?:,? (?:and|&) | ?\/ ?|, | (?:of|the|to|of the|in) | )(?=[A-ZÀ-Þ\d])/y;
const stopBetween = /\.? ?(?:and|&) (?=[A-ZÀ-Þ\d])/y;
const bracketed = /[,.]?[ \t]{0,3}(?:\[|\()_?([^\])_]{1,120})_?[\])][.:]?/y;

/** Reads the label that a line may begin with; undefined if it cannot be one in any style. */
export function matchLabel(line: string): LabelMatch | undefined {
  const indent = line.length - line.trimStart().length;
  if (indent > maxIndent || line.length === indent) return undefined;
  const end = labelEnd(line, indent);
  if (end === undefined || isHeadingLine(line) || isDirectionText(line)) return undefined;
  const label = line.slice(indent, end);
  const capitals = !/[a-z]/.test(label.replace(/\b(?:and|of|the|to|in)\b|\d(?:st|nd|rd|th)/g, ''));
  bracketed.lastIndex = end;
  const inside = bracketed.exec(line);
  const after = line.slice(inside ? bracketed.lastIndex : end);
  const rest = after.trim();
  const direction = inside?.[1] ?? '';
  const match = { label, direction, rest, capitals, indent, unstopped: false };
  if (rest === '') return { ...match, style: 'own' };
  if (/[.:]$/.test(label) || direction !== '')
    return /^\s/.test(after) ? { ...match, style: 'run' } : undefined;
  if (!capitals || label.length < 2) return undefined;
  if (/^(?:[ \t]*\t| {2})/.test(after)) return { ...match, style: 'gap' };
  return /^ [A-Z'’][a-z'’]/.test(after) ? { ...match, style: 'run', unstopped: true } : undefined;
}

/** Where the names at `from` end, a stop or colon included; undefined if there is no name. */
function labelEnd(line: string, from: number): number | undefined {
  let end: number | undefined;
  let at = from;
  for (let tokens = 0; tokens < maxTokens; tokens++) {
    const token = take(name, line, at);
    if (token === undefined) break;
    // In a label of capitals a word with small letters is not of the label any more.
    if (tokens > 0 && /[a-z]/.test(token) && /^[^a-z]{2,}$/.test(line.slice(from, end))) break;
    at += token.length;
    end = at;
    if (line[at] === ':') return at + 1;
    if (line[at] === '.') {
      const joins = take(stopBetween, line, at);
      const initial = token.length === 1 || /^\d/.test(token);
      if (
        joins === undefined &&
        !(initial && line[at + 1] === ' ' && /[A-Z]/.test(line[at + 2] ?? ''))
      )
        return at + 1;
      at += joins?.length ?? 2;
      continue;
    }
    const separator = take(between, line, at);
    if (separator === undefined) break;
    at += separator.length;
  }
  return end;
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
  readonly #counts: ReadonlyMap<string, number>;
  readonly #known: ReadonlySet<string>;

  /** @param known Words of the cast list and of entrances, in capitals: what an unusual label may be short for. */
  constructor(lines: readonly string[], known: ReadonlySet<string>) {
    this.#known = known;
    const seen = new Map<LabelStyle, Map<string, LabelMatch[]>>([
      ['own', new Map()],
      ['run', new Map()],
      ['gap', new Map()],
    ]);
    lines.forEach((line, i) => {
      const match = matchLabel(line);
      if (!match || !fitsAround(match, lines, i)) return;
      const byName = seen.get(match.style)!;
      const name = labelKey(match);
      byName.set(name, [...(byName.get(name) ?? []).slice(-50), match]);
    });
    const weight = (style: LabelStyle): number => {
      let sum = 0;
      for (const matches of seen.get(style)!.values())
        if (matches.length > 1) sum += matches.length;
      return sum;
    };
    this.style = (['own', 'run', 'gap'] as const).reduce((best, style) =>
      weight(style) > weight(best) ? style : best,
    );
    const matches = [...seen.get(this.style)!.values()].filter((all) => all.length > 1).flat();
    this.capitals = matches.filter(({ capitals }) => capitals).length > matches.length / 2;
    this.indent = median(matches.map(({ indent }) => indent));
    this.#counts = new Map(
      [...seen.values()].flatMap((byName) =>
        [...byName].map(([name, all]) => [name, all.length] as const),
      ),
    );
  }

  /** The label a line begins with, if this text would print one there. */
  at(lines: readonly string[], i: number): LabelMatch | undefined {
    const match = matchLabel(lines[i]!);
    if (!match) return undefined;
    if (this.capitals && !match.capitals && !this.#isRole(match.label)) return undefined;
    const count = this.#counts.get(labelKey(match)) ?? 0;
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
    const placed =
      this.indent > 0
        ? match.indent > 0 && match.indent <= this.indent + 3
        : apart || match.capitals;
    if (!placed) return undefined;
    return count > 1 || this.#isRole(match.label) || this.#isShort(match.label) ? match : undefined;
  }

  #isRole(label: string): boolean {
    return /^(?:\d|i{1,3}|first|second|third|fourth|fifth|both|all|omnes)\b/i.test(label);
  }

  /** It begins like a word of the cast list or of an entrance. */
  #isShort(label: string): boolean {
    const tokens = normalName(label).split(' ');
    return (
      tokens.length <= 3 &&
      tokens.every((token) => [...this.#known].some((word) => word.startsWith(token)))
    );
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

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
