import { inlineCast, isSetting } from '../cast/cast-list.ts';
import type { PieceWriter } from './piece-writer.ts';
import type { TextFrame } from './text-frame.ts';

/** Writes what comes before the body of a plain text: licence, title page, contents, cast list. */
export function writeFront(lines: readonly string[], frame: TextFrame, writer: PieceWriter): void {
  const title = findTitle(lines, frame);
  for (let i = 0; i < frame.castStart; i++) {
    const [, key = '', text = ''] = /^(Title:\s*)?(.*)$/.exec(lines[i]!)!;
    if (i === title) {
      writer.simple('boilerplate', key, i + 1);
      writer.simple('title', text, i + 1);
    } else writer.simple('boilerplate', key + text, i + 1);
  }
  writeCast(lines, frame, writer);
}

/** The cast list, an entry for each line and those that go on with it; from the setting on it is over. */
function writeCast(
  lines: readonly string[],
  { castStart, castEnd, bodyStart }: TextFrame,
  writer: PieceWriter,
): void {
  const inline = castStart < castEnd ? inlineCast(lines[castStart]!) : undefined;
  if (inline) {
    writer.simple('cast', inline.heading.replace(/[:—–\s]+$/, ''), castStart + 1);
    for (const name of inline.names) writer.simple('cast', name, castStart + 1);
    for (let i = castEnd; i < bodyStart; i++) writer.simple('boilerplate', lines[i]!, i + 1);
    return;
  }
  const margin = entryIndent(lines.slice(castStart + 1, castEnd));
  let entry = '';
  let entryLine = castStart;
  const close = (): void => {
    for (const part of persons(entry)) writer.simple('cast', part, entryLine + 1);
    entry = '';
  };
  let inCast = true;
  for (let i = castStart; i < castEnd; i++) {
    const line = lines[i]!;
    const goesOn = /^\s*\p{Ll}/u.test(line) || indentOf(line) >= margin + 3;
    if (line.trim() === '' || !goesOn) close();
    if (isSetting(line)) inCast = false;
    if (!inCast) writer.simple('boilerplate', line, i + 1);
    else if (entry === '') {
      entry = line;
      entryLine = i;
    } else entry += ` ${line.trim()}`;
  }
  close();
  for (let i = castEnd; i < bodyStart; i++) writer.simple('boilerplate', lines[i]!, i + 1);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/** Where most entries of a cast list begin: what is indented by more goes on with the one above. */
function entryIndent(lines: readonly string[]): number {
  const indents = lines.filter((line) => line.trim() !== '').map(indentOf);
  return indents.length === 0 ? 0 : indents.reduce((least, indent) => Math.min(least, indent));
}

/** A cast list filled into a paragraph, or set in columns with tabs and braces of bars, as entries. */
function persons(entry: string): string[] {
  return entry
    .replace(/[|{}]/g, ' ')
    .replace(/(?<=\S)\t+(?=\S)/, ', ')
    .split(/(?<=[a-z]\.)\s+(?=[A-Z]{2,}\b)/);
}

/** "A Play in One Act", "A Comedy": what it is, below what it is called. */
const kind =
  /^\W*an?\s(?:[\p{L}-]+\s){0,3}(?:play|comedy|tragedy|tragicomedy|drama|melodrama|farce|sketch|opera|screenplay)\b(?:\s(?:in|for|of)\s.*)?\W*$/iu;

/** The line that names the play: the licence's "Title:", else the first printed line before "by …". */
function findTitle(lines: readonly string[], { start, castStart, bodyStart }: TextFrame): number {
  const stated = lines.findIndex((line, i) => i < start && /^Title:\s*\S/.test(line));
  if (stated >= 0) return stated;
  const limit = Math.min(castStart, bodyStart);
  const by = lines.findIndex(
    (line, i) => i >= start && i < limit && /^\s*(?:written )?by\b/i.test(line),
  );
  const isName = (line: string): boolean =>
    /\p{L}{3}/u.test(line) && !/etext|gutenberg|produced by|prepared by|transcriber/i.test(line);
  for (const isTitle of [(line: string) => isName(line) && !kind.test(line), isName])
    for (let i = by - 1; i >= start; i--) if (isTitle(lines[i]!)) return i;
  return lines.findIndex((line, i) => i >= start && i < limit && isName(line));
}
