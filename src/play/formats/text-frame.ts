import { inlineCast, isCastHeading } from '../cast/cast-list.ts';
import { headingParts, isHeadingLine } from './heading.ts';
import { LabelBook } from './label-book.ts';

/** Where the parts of a plain text are: 0-based line numbers, ends exclusive. */
export interface TextFrame {
  /** The first line that is the play's own, after any licence. */
  readonly start: number;
  /** The printed cast list, its heading first; empty if there is none. */
  readonly castStart: number;
  readonly castEnd: number;
  /** The heading that the first speech stands under. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
}

const startMarker =
  /^\s*(?:\*{3}\s*START OF (?:THE|THIS) PROJECT GUTENBERG|\*END\b.*(?:SMALL PRINT|DISCLAIMER)|\*{3}\s*END\b.*SMALL PRINT)/i;
const endMarker =
  /^\W*(?:\*{3}\s*END OF (?:THE|THIS) PROJECT GUTENBERG|END OF (?:THE |THIS )?(?:PROJECT GUTENBERG|ETEXT)|END OF (?:THIS )?ETEXT OF)/i;
/** What those who typed a text say of it, at its end. */
const transcribers = /^\W*transcriber(?:['’]?s)?['’]? notes?\W*(?:$|:)/i;
const lateShare = 0.5;
const finis =
  /^[^\p{L}]*(?:(?:THE END|The End|The end|FINIS|Finis|AN END|(?:END|End) (?:OF|of) (?:(?:THE|the) )?(?:PLAY|[Pp]lay))(?:[^\p{L}]*$|[^\p{L}]+(?:of (?:the|this)|OF (?:THE|THIS)|the traged))|(?:FIN|Fin|FINE|ENDE|Ende|КОНЕЦ|Конец|КІНЕЦЬ|KONIEC|KONEC|VÉGE|Vége|SLUT|Slut|LOPPU|EINDE|FIM|GLOSSARY|EXEUNT OMNES FINIS)[^\p{L}]*$)/u;
/** "END OF THE FIRST ACT.": not of the play. */
const partEnd =
  /(?<!\p{L})(?:act|acte|acto|atto|akt|aktes|aufzugs?|scene|sc[èe]ne|szene|prologue|part)(?!\p{L})/iu;
/** After the end so many labels, under a first act, are another play. */
const leastLabels = 12;

/** Finds licence, contents, cast list and body of a plain text. Contents repeat every heading; they are not the body. */
export function frame(lines: readonly string[]): TextFrame {
  const start = afterLast(lines, startMarker, lines.length * 0.6);
  const end = Math.min(
    firstAfter(lines, endMarker, start),
    firstAfter(lines, transcribers, Math.max(start, Math.ceil(lines.length * lateShare))),
  );
  const headed = headedBody(lines, start, end);
  const bodyStart = headed ?? unheadedBody(lines, start, end);
  const cast = lines.findLastIndex((line, i) => i >= start && i < bodyStart && opensCast(line));
  const castStart = cast < 0 ? bodyStart : cast;
  return {
    start,
    castStart,
    castEnd: castEnd(lines, castStart, bodyStart),
    bodyStart,
    bodyEnd: lastLine(lines, bodyStart, end),
  };
}

const opensCast = (line: string): boolean => isCastHeading(line) || inlineCast(line) !== undefined;

function afterLast(lines: readonly string[], pattern: RegExp, limit: number): number {
  let found = 0;
  for (let i = 0; i < limit; i++) if (pattern.test(lines[i]!)) found = i + 1;
  return found;
}

function firstAfter(lines: readonly string[], pattern: RegExp, from: number): number {
  const found = lines.findIndex((line, i) => i >= from && pattern.test(line));
  return found < 0 ? lines.length : found;
}

/**
 * The first heading whose text is not another heading. Contents are a run of headings with nothing
 * between them; the run may go on into the body, where the numbers start again.
 */
function headedBody(lines: readonly string[], start: number, end: number): number | undefined {
  const headings: number[] = [];
  for (let i = start; i < end; i++)
    if (isHeadingLine(lines[i]!) && !isChorusSpeaking(lines, i)) headings.push(i);
  if (headings.length === 0) return undefined;
  const firsts = headings.filter((i) => opensPlay(lines[i]!));
  const names = firsts.length > 1 ? new LabelBook(lines, new Set()) : undefined;
  // Contents hold the first act once, the body once more; a file of many plays has it many times.
  const first =
    firsts.length > 1
      ? (firsts.find((i) => !isContents(lines, headings, i, names)) ?? firsts[0]!)
      : (firsts[0] ?? headings[0]!);
  // A first scene may have no heading: its speeches stand above that of the second.
  if (headingParts(lines[first]!).every(({ number }) => number === undefined || number > 1)) {
    const own = lines.slice(start, end);
    const labels = new LabelBook(own, new Set());
    const spoken = own
      .slice(0, first - start)
      .filter((_, i) => labels.at(own, i) && !isListed(own, i));
    if (spoken.length > 1) return unheadedBody(lines, start, end);
  }
  return beforeFirstAct(lines, headings, first, start, end) ?? first;
}

/** "CHORUS" right above words: who speaks them. */
function isChorusSpeaking(lines: readonly string[], i: number): boolean {
  return /^\W*(?:the )?chorus\W*$/i.test(lines[i]!) && !isBlank(lines[i + 1]);
}

const opensEarly = /prolog|induction|chorus|пролог|vorspiel|prelude/iu;

/** The heading of a prologue or an induction before the first act: of the last, and of those before it that are spoken. */
function beforeFirstAct(
  lines: readonly string[],
  headings: readonly number[],
  first: number,
  start: number,
  end: number,
): number | undefined {
  const early = headings.filter((i) => i < first && opensEarly.test(lines[i]!));
  if (early.length === 0) return undefined;
  const own = lines.slice(start, end);
  const labels = new LabelBook(own, new Set());
  const isSpoken = (from: number, to: number): boolean =>
    own
      .slice(from - start, to - start)
      .some((_, i) => labels.at(own, from - start + i) && !isListed(own, from - start + i));
  let found: number | undefined;
  for (const i of early.reverse()) {
    // Verses for another stage stand before the cast list.
    if (lines.slice(i, first).some(opensCast)) break;
    const isLast = headings.filter((other) => other < first).at(-1) === i;
    const opens = isSpoken(i + 1, found ?? first) || (isLast && !isContents(lines, headings, i));
    if (!opens) break;
    found = i;
  }
  return found;
}

const opensPlay = (line: string): boolean =>
  headingParts(line).some(({ level, number }) => level === 'act' && number === 1);

/** "ACT II   19", "ACT I ..... 5": where the act is in the book. */
const pageNumber = /(?:\s{2,}|\t|\.{2,}\s*)\d{1,3}\s*$/;

/** Hardly anything but headings and empty lines, and no speech, stands between this heading and the second one after it. */
function isContents(
  lines: readonly string[],
  headings: readonly number[],
  at: number,
  names?: LabelBook,
): boolean {
  if (pageNumber.test(lines[at]!)) return true;
  const from = headings.indexOf(at);
  const next = headings[from + 2];
  if (next === undefined) return false;
  const between = lines.slice(at, next + 1).filter((line) => line.trim() !== '');
  if (between.length > 5) return false;
  for (let i = at + 1; i < next; i++)
    if (!isHeadingLine(lines[i]!) && names?.at(lines, i)) return false;
  return true;
}

/** Without headings a play begins with its first label, and the directions right above it. */
function unheadedBody(lines: readonly string[], start: number, end: number): number {
  const own = lines.slice(start, end);
  const labels = new LabelBook(own, new Set());
  const first = own.findIndex((_, i) => labels.at(own, i) !== undefined && !isListed(own, i));
  if (first < 0) return start;
  let body = first;
  for (let i = first - 1; i >= 0; i--) {
    const line = own[i]!;
    if (line.trim() === '') continue;
    const opens =
      isBlank(own[i - 1]) && /^\s*(?:[[(]|(?:the )?(?:scene|setting|time)\b)/i.test(line);
    const goesOn = !isBlank(own[i - 1]) && !opensCast(own[i - 1]!);
    if (opensCast(line) || (!opens && !goesOn)) break;
    if (opens) body = i;
  }
  return start + body;
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';

/** A line of a cast list, where names and descriptions stand as labels and words do. */
function isListed(lines: readonly string[], i: number): boolean {
  for (let at = i; at >= 0 && at > i - 60; at--) {
    if (opensCast(lines[at]!)) return castEnd(lines, at, lines.length) > i;
  }
  return false;
}

/** "NELL" of "NELL, a miller" and of "NELL: Who goes there?" */
const listedName = /^\s*\**_*(\p{Lu}[\p{L}\p{M}'’. -]*?)_*\**(?:[,:(—–]|\s-|\.?\s*$)/u;

/** Lines of prose that a cast list never has under each other. */
const proseLines = 4;
const proseLength = 50;

/** A cast list ends with the setting, with prose, with a name it has had, or with three empty lines after its entries. */
function castEnd(lines: readonly string[], from: number, end: number): number {
  if (from < end && inlineCast(lines[from]!)) return from + 1;
  const names = new Set<string>();
  let entries = 0;
  let empty = 0;
  let long = 0;
  for (let i = from + 1; i < end; i++) {
    const line = lines[i]!;
    if (isBlank(line)) {
      empty++;
      long = 0;
      continue;
    }
    if (entries > 1 && empty > 2) return i;
    // Who was listed speaks: the list is over.
    const name = listedName.exec(line)?.[1];
    if (name && empty > 0 && names.has(name)) return i;
    if (name) names.add(name);
    if (/^\s*[[(]?_?(?:the )?(?:scene|setting|time|place)\b/i.test(line)) return i;
    long = line.length > proseLength && /[\p{Ll},]$/u.test(line.trimEnd()) ? long + 1 : 0;
    if (long >= proseLines) return i - proseLines + 1;
    entries++;
    empty = 0;
  }
  return end;
}

/** Where the last words of the play end: before "THE END" or "FINIS", whatever comes after, unless it is another play. */
function lastLine(lines: readonly string[], from: number, end: number): number {
  for (let i = from; i < end; i++) {
    if (!finis.test(lines[i]!) || partEnd.test(lines[i]!)) continue;
    if (!playFollows(lines.slice(i + 1, end))) return i;
  }
  const last = lines.slice(0, end).findLastIndex((line) => !isBlank(line));
  return last > from && /^\W*end\W*$/i.test(lines[last]!) ? last : end;
}

function playFollows(rest: readonly string[]): boolean {
  const act = rest.findIndex(opensPlay);
  if (act < 0) return false;
  const body = rest.slice(act);
  const labels = new LabelBook(body, new Set());
  let found = 0;
  for (let i = 0; i < body.length && found < leastLabels; i++) if (labels.at(body, i)) found++;
  return found >= leastLabels;
}
