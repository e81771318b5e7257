import { normalName } from '../cast/label.ts';
import { isDirectionText } from '../direction.ts';
import { isNumberedHeading } from './heading.ts';

/** What a label is set in: nothing, "_Ham._", "**Ham:**". */
type Dress = 'plain' | 'italic' | 'bold';

/**
 * How a plain text prints its labels.
 *
 * - `own`: on a line of their own, "Ham." or "HAMLET" (Project Gutenberg, Folger)
 * - `run`: before the words on the same line, "HAMLET. To be" (World Library, First Folio), "Hamlet: To be"
 * - `gap`: before the words, with a tab or spaces between, "HAMLET  To be" (Folger, Moby)
 * - `bare`: before the words, with one blank between, "HAMLET To be"
 */
export type LabelStyle = 'own' | 'run' | 'gap' | 'bare';

/** A line that may begin with a label. */
export interface LabelMatch {
  readonly style: LabelStyle;
  readonly dress: Dress;
  readonly label: string;
  /** A direction that belongs to the label, such as "aside" in "HAMLET, [aside]". */
  readonly direction: string;
  readonly rest: string;
  /** How many lines below the first one the label's direction ends. */
  readonly more: number;
  readonly capitals: boolean;
  readonly indent: number;
  /** Whether the label ends with a stop, a colon or a dash. */
  readonly stopped: boolean;
  /** Whether the label ends with a colon or a dash, as few other beginnings of lines do. */
  readonly marked: boolean;
  /** The direction follows a comma, "VALÈRE, à part.": only those whom other labels name are labelled so. */
  readonly loose: boolean;
}

/** Names in one label, joint ones included. */
const maxTokens = 8;
const maxIndent = 12;
/** A direction in brackets behind a label ends within so many lines. */
const maxBracketLines = 15;
/** In a label of capitals small letters are only of these words, and of "Mc", "1st", "Mrs." */
const smallWords =
  /(?<!\p{L})(?:and|of|the|to|in|de|du|des|und|et|y|e|и|von|der|la|le|d|l|with|a|an|s)(?!\p{L})|\d(?:st|nd|rd|th|d)|(?<=\p{Lu})c(?=\p{Lu})|(?<=\p{Lu})(?:rs|r|me|lle|t|te)(?=\.| \p{Lu})/gu;
const name =
  /(?:#?\d{1,2}(?:st|nd|rd|th|d|ST|ND|RD|TH|D|er|re|e)?(?![\p{L}\p{N}])|[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’ſ]*(?:-[\p{L}\p{M}'’ſ]+)*|(?:wo)?man(?!\p{L})|boy(?!\p{L}))/uy;
const between =
  /(?:,? (?:and|&|und|et|y|e|и|och|og|with|mit|avec) | ?\/ ?| ?\+ ?| ?& ?|[,;] |[ -](?:of the|in the|of|the|to|in|de la|de las|de los|de l['’]|de|du|des|d['’]|von der|von dem|von|vom|zu|zum|della|delle|del|di|da|la|le|les|à la|à|au|aux|an|a|der|van|van de) ?| )(?=[\p{Lu}\p{Lt}\p{Lo}\d#]|(?:wo)?man(?!\p{L})|boy(?!\p{L}))/uy;
const numberAlone = /\d{1,2}(?:\.(?= )|(?= ))/y;
const stopBetween = /\.? ?(?:and|&|und|et) (?=[\p{Lu}\d])/uy;
/** "Y. Siward", "1. Murd." */
const initialStop = /\. ?(?=\p{Lu})/uy;
/** Titles whose stop ends no name: a name comes behind them. */
const title = /^(?:mrs?|ms|messrs|dr|st|ste|mme|mmes|mlle|mlles|г-н|г-жа)$/iu;
/** Titles that may be names cut short, too: "Capt. Smith", or "Capt." and his words. */
const maybeTitle =
  /^(?:prof|rev|hon|sta|sto|mm|mgr|sr|sra|srta|sig|sigra|hr|fr|frl|capt|col|gen|lieut|lt|sergt|sgt|corp|maj|adm|com|gov|sen|pres|insp|supt|mast|ld|bp|abp)$/iu;
const junior = /,? (?:jun|junr|jr|sen|senr|sr|snr|esq)\.[.:]?(?=[ \]]|$)/iuy;
/** Words in the place of a label that name nobody. */
const noName =
  /^(?:(?:the )?(?:end|finis|fin|fine|ende|curtain|rideau|vorhang|telon|siparios?|konec|act|scene|sc[eè]ne|szene|tableau|intermission|interval|note|notes|nota|footnotes?|contents|advertisement|errata|transcriber(?:['’]s)?(?: notes?)?|copyright|setting|persons|characters|dramatis personae|cast|synopsis|preface|introduction|illustration|exeunt|exit|enter|v[ée]ge|konec|koniec|slut|loppu|einde|blackout|lights|fade (?:in|out)|(?:smash |match |jump )?cut to|fade to|dissolve to|air|duet|конец|занавес|time and place|fim|telão))(?![\p{L}])|^第.{1,3}[幕場场景]/iu;

/** True for "END OF PLAY", "[Exit]", "Title: …": what stands as names do and names nobody. */
export function namesNobody(label: string): boolean {
  return noName.test(label.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ''));
}

/** "SPINNING WHEEL SONG" stands above verses as names do, and names none. */
const song = /(?:^|[\s-])(?:song|melody|duet|ballad|tune|march|dance|waltz|chanson|lied)s?$/iu;

/**
 * Reads the label that a line may begin with, in every way it may be read, the longest first: "LADY W. COME." may be
 * "LADY W. COME" or "LADY W". None if it cannot be one in any style.
 */
export function labelMatches(lines: readonly string[], i: number): LabelMatch[] {
  const line = lines[i]!;
  const indent = line.length - line.trimStart().length;
  if (line.length === indent || (indent > maxIndent && !isCentred(lines, i))) return [];
  const opening = /^(\*\*_?|__|[_*])(?=\S)/.exec(line.slice(indent))?.[1] ?? '';
  if (!/[\p{Lu}\p{Lt}\p{Lo}\d#]/u.test(line[indent + opening.length] ?? '')) return [];
  if (isNumberedHeading(line) || isDirectionText(line)) return [];
  if (opening !== '') {
    const dressed = dressedMatch(lines, i, indent, opening);
    return dressed ? [dressed] : [];
  }
  return labelEnds(line, indent).flatMap((end) => {
    const match = matchTo(lines, i, indent, end);
    return match ? [match] : [];
  });
}

/** A name in capitals alone in the middle of the page, its words or how they are said right below, as screenplays are typed. */
function isCentred(lines: readonly string[], i: number): boolean {
  const below = lines[i + 1] ?? '';
  return (
    /^\s*[\p{Lu}\p{Lo}][\p{Lu}\p{Lo}\p{M}\d'’. -]*(?:\([^()]*\))?$/u.test(lines[i]!) &&
    (lines[i - 1] ?? '').trim() === '' &&
    (/^\s*\(/.test(below) || /\p{Ll}|\p{Lo}/u.test(below))
  );
}

/** A label in italics or bold: the marks hold it all, with its stop and its direction or without. */
function dressedMatch(
  lines: readonly string[],
  i: number,
  indent: number,
  opening: string,
): LabelMatch | undefined {
  const closing = [...opening].reverse().join('');
  const line = lines[i]!;
  const from = indent + opening.length;
  const close = line.indexOf(closing, from);
  // "_Kari (looking into\nthe hut)._": the mark may close below.
  const below = close < 0;
  // "**Nell**: Come": a stop behind the mark is the label's.
  const stop = below ? '' : (/^[.:](?=\s)/.exec(line.slice(close + closing.length))?.[0] ?? '');
  const held = below ? line.slice(from) : line.slice(from, close) + stop;
  const end = labelEnds(held, 0).find((at) => {
    const tail = held.slice(at).trimStart();
    return below
      ? /^[,.]? ?[[(]/.test(tail)
      : /^[.:]?$|^[,.]? ?[[(].*[)\]][.:]?$|^,? \p{Ll}/u.test(tail);
  });
  if (end === undefined) return undefined;
  const plain = [...lines.slice(i, i + maxBracketLines)];
  const behind = below ? '' : line.slice(close + closing.length + stop.length);
  const dress = opening.startsWith('**') || opening === '__' ? 'bold' : 'italic';
  // Behind a name in bold no stop is needed.
  const parted =
    dress === 'italic' || /[.:)\]]$/.test(held) || /^[.:]|^\s*(?:[[(]|$|—|--|–)/.test(behind);
  plain[0] = `${held}${parted ? '' : ':'}${behind}`;
  const match = matchTo(plain, 0, 0, end, true);
  if (!match || (!below && match.more > 0 && !/[[(]/.test(plain[0]))) return undefined;
  const rest = below ? match.rest.replace(/^[.:]?(?:_|\*{1,2})[.:]?\s*/, '') : match.rest;
  const style = rest === '' ? 'own' : match.style;
  return { ...match, rest, style: style === 'bare' ? 'run' : style, dress, indent };
}

function matchTo(
  lines: readonly string[],
  i: number,
  indent: number,
  end: number,
  dressed = false,
): LabelMatch | undefined {
  const line = lines[i]!;
  const label = line.slice(indent, end);
  const bare = label.replace(/[.:]+$/, '');
  // One letter is a word, "I" or "O", or a number.
  if (noName.test(bare) || song.test(bare) || /^(?:[IOAYÀÉОЯАИ])$/u.test(bare)) return undefined;
  const capitals =
    !/\p{Ll}/u.test(label.replace(smallWords, '')) && /[\p{Lu}\p{Lo}]|\d/u.test(label);
  const bracket =
    bracketBehind(lines, i, end) ??
    (capitals || dressed ? commaBehind(line, end, dressed) : undefined);
  const after = bracket
    ? bracket.after
    : line.slice(end).replace(/^(?:[.:]?(?:—|--+|–)|\s+(?:—|--+|–|-|:)(?=\s))/, ' ');
  const dashed = !bracket && after !== line.slice(end);
  const rest = after.trim();
  const stopped = /[.:]$/.test(label) || dashed || (bracket?.stopped ?? false);
  const placed = placing(line.slice(end), after, {
    label,
    rest,
    capitals,
    indent,
    stopped,
    bracket,
  });
  if (!placed) return undefined;
  return {
    style: placed,
    dress: 'plain',
    label,
    direction: bracket?.direction ?? '',
    rest,
    more: bracket?.more ?? 0,
    capitals,
    indent,
    stopped,
    marked: dashed || /:$/.test(label) || (bracket?.colon ?? false),
    loose: bracket?.loose ?? false,
  };
}

/** How a label is parted from its words. */
function placing(
  behind: string,
  after: string,
  match: {
    label: string;
    rest: string;
    capitals: boolean;
    indent: number;
    stopped: boolean;
    bracket: Bracket | undefined;
  },
): LabelStyle | undefined {
  const { label, rest, capitals, indent, stopped, bracket } = match;
  if (/^[ \t]*\t/.test(behind) && indent === 0) return 'gap';
  if (rest === '') return 'own';
  if (stopped || bracket)
    return /^[\s"“«'‘(.—–-]/u.test(after) || /^\p{Lu}/u.test(after) ? 'run' : undefined;
  if (/^\d$/.test(label)) return 'run';
  if (!capitals || label.length < 2) return undefined;
  if (/^ {2}/.test(after)) return 'gap';
  return /^ ['’"“]?\p{Lu}['’\p{Ll}]|^ [IAO](?![\p{L}])/u.test(after) ? 'bare' : undefined;
}

interface Bracket {
  readonly direction: string;
  readonly after: string;
  readonly more: number;
  readonly stopped: boolean;
  readonly colon?: boolean;
  readonly loose: boolean;
}

const bracketStart = /[,.:]?[ \t]{0,3}((?:—|--+|–)[ \t]{0,3})?_?([[(])_?/y;
const saidFrom = / (within|above|below|aside)(?!\p{L})[.:]?/uy;

/** The direction in brackets behind a label, over several lines too, but never over an empty one. */
function bracketBehind(lines: readonly string[], i: number, end: number): Bracket | undefined {
  const line = lines[i]!;
  saidFrom.lastIndex = end;
  const said = saidFrom.exec(line);
  if (said)
    return {
      direction: said[1]!,
      after: line.slice(saidFrom.lastIndex),
      more: 0,
      stopped: true,
      loose: false,
    };
  bracketStart.lastIndex = end;
  const open = bracketStart.exec(line);
  if (!open) return undefined;
  const isDashed = open[1] !== undefined;
  const close = open[2] === '[' ? ']' : ')';
  let text = line.slice(bracketStart.lastIndex);
  for (let more = 0; ; more++) {
    const at = text.indexOf(close);
    if (at >= 0) {
      const rest = text.slice(at + 1);
      const tail = /^_?[.:]?_?(?:\s+(?:—|--+|–)(?=\s))?/u.exec(rest)![0];
      const direction = text.slice(0, at).replace(/_+$/, '').trim();
      if (direction === '') return undefined;
      return {
        direction,
        after: rest.slice(tail.length),
        more,
        stopped: isDashed || /[.:—–-]/.test(tail) || /[.:]$/.test(line.slice(0, end)),
        colon: /:/.test(tail) || /:$/.test(line.slice(0, end)),
        loose: false,
      };
    }
    const next = lines[i + more + 1];
    if (more >= maxBracketLines || next === undefined || next.trim() === '') return undefined;
    text += ` ${next.trim()}`;
  }
}

/** "VALÈRE, à part.", "HAMLET, reading:", "_Princess sings_": how it is said. */
function commaBehind(line: string, end: number, dressed: boolean): Bracket | undefined {
  const found = /^(,?) _?(\p{Ll}[^.:!?;]{1,80}?)_?(?:([.:])_?(?=\s|$)|$)/u.exec(line.slice(end));
  if (!found || /[.:]$/.test(line.slice(0, end))) return undefined;
  const after = line.slice(end + found[0].length);
  if (found[1] === '' && !(dressed && after.trim() === '')) return undefined;
  return { direction: found[2]!, after, more: 0, stopped: found[3] !== undefined, loose: true };
}

/** Where the names at `from` may end, a stop or colon included, the longest first; none if there is no name. */
function labelEnds(line: string, from: number): number[] {
  const { end, before, at } = namesFrom(line, from);
  // Behind "1." alone, should what follows turn out to be words.
  const number = take(numberAlone, line, from);
  if (at < line.length && number !== undefined && !/[.:]$/.test(line.slice(from, end)))
    return [from + number.length];
  const ends = before.reverse();
  return end === undefined || ends.includes(end) ? ends : [end, ...ends];
}

/** Reads name after name: where the last one ends, where the label may have ended before it, and how far was read. */
function namesFrom(
  line: string,
  from: number,
): { end: number | undefined; before: number[]; at: number } {
  const before: number[] = [];
  let end: number | undefined;
  let at = from;
  for (let tokens = 0; tokens < maxTokens; tokens++) {
    const token = take(name, line, at);
    // In a label of capitals a word with small letters is not of the label any more.
    if (token === undefined || (tokens > 0 && startsSmall(line.slice(from, end), token))) break;
    at += token.length;
    end = at;
    const suffix = take(junior, line, at);
    if (suffix !== undefined) return { end: at + suffix.length, before, at };
    const stopped = line[at] === '.' || line[at] === ':';
    const separator = stopped ? afterStop(line, at, token, before) : take(between, line, at);
    if (separator === undefined) {
      if (stopped) end = at + 1;
      break;
    }
    at += separator.length;
  }
  return { end, before, at };
}

function startsSmall(before: string, token: string): boolean {
  const small = /\p{Ll}/u.test(token.replace(/^Mc(?=\p{Lu})|^\d+(?:st|nd|rd|th|d|er|re|e)$/u, ''));
  return small && /^[^\p{Ll}]{2,}$/u.test(before.replace(smallWords, ''));
}

/** What a label goes on with behind a stop: "Ros. and Guil.", "Y. Siward", "Mrs. Cross". It may end there, too. */
function afterStop(line: string, at: number, token: string, ends: number[]): string | undefined {
  const joint = take(stopBetween, line, at);
  if (joint !== undefined) return joint;
  if (line[at] !== '.') return undefined;
  if (title.test(token)) return take(initialStop, line, at);
  if (token.length > 1 && !maybeTitle.test(token)) return undefined;
  if (!/\d/.test(token)) ends.push(at + 1);
  return take(initialStop, line, at);
}

function take(pattern: RegExp, line: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(line)?.[0];
}

/** The form in which labels are counted: in capitals or not, in which dress. */
export function labelKey({ label, capitals, dress }: LabelMatch): string {
  return `${dress}${capitals ? 'c' : 't'}${normalName(label)}`;
}
