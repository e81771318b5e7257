import { isCastHeading } from '../cast/cast-list.ts';
import { headingParts } from './heading.ts';

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
const finis = /^\W*(?:the end|finis|exeunt omnes finis)\b[^a-z]*(?:$|the traged|of the)/i;

/** Finds licence, contents, cast list and body of a plain text. Contents repeat every heading; they are not the body. */
export function frame(lines: readonly string[]): TextFrame {
  const start = afterLast(lines, startMarker, lines.length * 0.6);
  const end = firstAfter(lines, endMarker, start);
  const bodyStart = findBody(lines, start, end);
  const cast = lines.findIndex((line, i) => i >= start && i < bodyStart && isCastHeading(line));
  const castStart = cast < 0 ? bodyStart : cast;
  return {
    start,
    castStart,
    castEnd: bodyStart,
    bodyStart,
    bodyEnd: lastLine(lines, bodyStart, end),
  };
}

/** True for a line that is a heading by itself: "ACT I", "SCENE II. The same." */
export function isHeadingLine(line: string): boolean {
  return (
    /^\s{0,40}(?:the\s+)?(?:act|sc|prolog|induction|epilog|chorus|first|second|third|fourth|fifth)/i.test(
      line,
    ) && headingParts(line).length > 0
  );
}

/** A heading that a label cannot be mistaken for: it has a numeral, or nothing stands under it. */
export function isNumberedHeading(line: string): boolean {
  return isHeadingLine(line) && !/^\s*(?:the\s+)?(?:prolog|epilog|chorus|induction)/i.test(line);
}

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
function findBody(lines: readonly string[], start: number, end: number): number {
  const headings: number[] = [];
  for (let i = start; i < end; i++) if (isHeadingLine(lines[i]!)) headings.push(i);
  if (headings.length === 0) return start;
  const firsts = headings.filter((i) => opensPlay(lines[i]!));
  // Contents hold the first act once, the body once more; a file of many plays has it many times.
  const first =
    firsts.length === 2 && isContents(lines, headings, firsts[0]!)
      ? firsts[1]!
      : (firsts[0] ?? headings[0]!);
  const before = headings.filter((i) => i < first).at(-1);
  const prologue =
    before !== undefined &&
    /prolog|induction|chorus/i.test(lines[before]!) &&
    !isContents(lines, headings, before);
  return prologue ? before : first;
}

const opensPlay = (line: string): boolean =>
  headingParts(line).some(({ level, number }) => level === 'act' && number === 1);

/** Nothing but headings and empty lines stands between this heading and the second one after it. */
function isContents(lines: readonly string[], headings: readonly number[], at: number): boolean {
  const from = headings.indexOf(at);
  const next = headings[from + 2];
  if (next === undefined) return false;
  const between = lines.slice(at, next + 1).filter((line) => line.trim() !== '');
  return between.length <= 5;
}

/** Where the last words of the play end: before "THE END" or "FINIS" if no heading comes after it. */
function lastLine(lines: readonly string[], from: number, end: number): number {
  for (let i = end - 1; i >= from; i--) {
    if (isHeadingLine(lines[i]!)) return end;
    if (finis.test(lines[i]!)) return i;
  }
  return end;
}
