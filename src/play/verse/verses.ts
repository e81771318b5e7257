import { words } from '../words.ts';
import { syllablesIn } from './syllables.ts';

/** In words: prose and what comes without line breaks is cut into windows of about a line. */
const windowWords = 8;

/** How a text is laid out: in lines, if it has line breaks, or as one paragraph. */
export type Layout = 'lines' | 'windows';

/** A text cut for counting syllables. */
export interface Verses {
  readonly layout: Layout;
  /** Words of each line, or of each window of eight; a shorter window at the end is left out. */
  readonly pieces: readonly (readonly string[])[];
}

export function versesOf(text: string): Verses {
  const lines = text
    .split('\n')
    .map(words)
    .filter(({ length }) => length > 0);
  return lines.length > 1 ? { layout: 'lines', pieces: lines } : windowsOf(lines.flat());
}

/** Cuts words into windows of the length of a line, whatever lines they stood in. */
export function windowsOf(list: readonly string[]): Verses {
  const count = Math.floor(list.length / windowWords);
  const pieces = Array.from({ length: count }, (_, i) =>
    list.slice(i * windowWords, (i + 1) * windowWords),
  );
  return { layout: 'windows', pieces };
}

/**
 * The line may be said in ten or eleven syllables: a blank verse with either ending. True of .87 and .81 of the whole verse
 * lines of Hamlet and Macbeth, and of .42 and .36 of windows of their prose: good for a rate, not for a verdict on a line.
 */
export function isPentameter(line: readonly string[]): boolean {
  const { least, most } = syllablesIn(line);
  return least <= 11 && most >= 10;
}

/** Share of pentameters among lines or windows; NaN for none. */
export const pentameterShare = (pieces: readonly (readonly string[])[]): number =>
  pieces.filter(isPentameter).length / pieces.length;

/** Printed as verse: every line begins with a capital, which prose does only by chance. Told from three lines on. */
export function isVerse(lines: readonly string[]): boolean {
  return lines.length >= 3 && lines.every(beginsWithCapital);
}

/** Printed as prose: some line begins small. */
export function isProse(lines: readonly string[]): boolean {
  return !lines.every(beginsWithCapital);
}

const beginsWithCapital = (line: string): boolean => !/^[^\p{L}]*\p{Ll}/u.test(line);
