import { isGesture } from '../direction.ts';

/** A stretch of a printed line: words spoken, or a direction in their midst. */
export interface LinePart {
  readonly text: string;
  readonly direction: boolean;
}

/** Which brackets hold directions: square ones, or round ones too, in a text that has no others. */
export type Brackets = 'square' | 'round';

const square = /\[([^[\]]{0,2000})\]/g;
const either = /\[([^[\]]{0,2000})\]|\(([^()]{0,2000})\)/g;

/**
 * Cuts a line at its bracketed directions; "[*sits*]" is one, whatever it says. Brackets round words that do not read like a direction
 * are an editor's, and stay words; empty brackets mark a gap and hold nothing.
 */
export function bracketParts(line: string, brackets: Brackets = 'square'): LinePart[] {
  if (!line.includes('[') && (brackets === 'square' || !line.includes('(')))
    return [{ text: line, direction: false }];
  const parts: LinePart[] = [];
  let words = '';
  let end = 0;
  for (const match of line.matchAll(brackets === 'round' ? either : square)) {
    words += line.slice(end, match.index);
    end = match.index + match[0].length;
    const inner = (match[1] ?? match[2])!.trim();
    if (inner === '') continue;
    const isDirection =
      match[1] === undefined ? isRound(inner) : isGesture(inner) || /^_?\p{Lu}|^\*/u.test(inner);
    if (!isDirection) words += match[0];
    else {
      if (words.trim()) parts.push({ text: words.trim(), direction: false });
      parts.push({ text: inner, direction: true });
      words = '';
    }
  }
  words += line.slice(end);
  if (words.trim()) parts.push({ text: words.trim(), direction: false });
  return parts;
}

/** Round brackets hold a sentence of their own, or what somebody does; others hold what somebody says by the way. */
function isRound(inner: string): boolean {
  return (
    isGesture(inner) ||
    /^_?\p{Lu}/u.test(inner) ||
    /^\p{Ll}+ing\b/u.test(inner) ||
    /[.]_?$/.test(inner)
  );
}

/** Square brackets hold the directions of a text that has some; of a text with none, or hardly any, round ones do. */
export function bracketsOf(lines: readonly string[]): Brackets {
  let squares = 0;
  let rounds = 0;
  for (const line of lines) {
    squares += /\[(?!\*)/.test(line) ? 1 : 0;
    rounds += /\((?!\d+\))/.test(line) ? 1 : 0;
  }
  return squares * 10 < rounds ? 'round' : 'square';
}
