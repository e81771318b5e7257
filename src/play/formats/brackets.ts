import { isGesture } from '../direction.ts';

/** A stretch of a printed line: words spoken, or a direction in their midst. */
export interface LinePart {
  readonly text: string;
  readonly direction: boolean;
}

/**
 * Cuts a line at its bracketed directions. Brackets round words that do not read like a direction
 * are an editor's, and stay words; empty brackets mark a gap and hold nothing.
 */
export function bracketParts(line: string): LinePart[] {
  if (!line.includes('[')) return [{ text: line, direction: false }];
  const parts: LinePart[] = [];
  let words = '';
  let end = 0;
  for (const match of line.matchAll(/\[([^[\]]{0,2000})\]/g)) {
    words += line.slice(end, match.index);
    end = match.index + match[0].length;
    const inner = match[1]!.trim();
    if (inner === '') continue;
    if (!isGesture(inner) && !/^_?[A-Z]/.test(inner)) words += match[0];
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
