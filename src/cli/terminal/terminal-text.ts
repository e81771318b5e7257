/**
 * A text from a model, a play or a file as a terminal may be shown it: control characters, which could
 * move the cursor, change colours or answer for the user, are written out, and so are the marks that turn
 * the direction of writing. Line breaks and tabs stay.
 *
 * Works on any piece of a stream: an escape sequence without its escape is plain text.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, written);
}

/** A text that is printable but for the marks of `styled`, which keep their meaning. */
export function printableStyled(text: string): string {
  return text.replaceAll(unprintable, (character) =>
    styleOf(character) === undefined ? written(character) : character,
  );
}

/**
 * JSON as a terminal may be shown it: what JSON itself leaves as it is of control characters and of marks that turn the
 * direction of writing becomes \u escapes, so that the value stays what it was.
 */
export function printableJson(json: string): string {
  return json.replaceAll(
    unprintableInJson,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Marks that stand for the only styles a text may carry to where it is printed. Unicode keeps these code points for use
 * inside a program: no text has them, and one that has them all the same can be bold, but cannot move a cursor.
 */
const firstMark = 0xfdd0;
const styleCodes = [1, 2, 22, 31, 32, 33, 34, 35, 36, 39] as const;

/** A text with escape sequences for styles, as `styleText` makes it, with marks in their place. */
export function styled(text: string): string {
  return text.replaceAll(styleSequence, (sequence, code: string) => {
    const at = (styleCodes as readonly number[]).indexOf(Number(code));
    return at < 0 ? sequence : String.fromCharCode(firstMark + at);
  });
}

/** A text with escape sequences in the place of its marks, or nothing where a stream shows no styles. */
export function withStyles(text: string, isShown: boolean): string {
  let isOpen = false;
  const shown = text.replaceAll(marks, (mark) => {
    isOpen = true;
    return isShown ? `\x1b[${styleOf(mark)}m` : '';
  });
  return isOpen && isShown ? shown.replace(/\n?$/, (end) => `\x1b[0m${end}`) : shown;
}

function styleOf(character: string): number | undefined {
  return styleCodes[character.charCodeAt(0) - firstMark];
}

function written(character: string): string {
  const code = character.codePointAt(0)!;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

// Cc without tab and line feed, the bidirectional controls of Unicode's Annex 9, and the marks above.
const unprintable = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef]/gu;
const unprintableInJson = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef]/g;
const marks = /[\ufdd0-\ufdd9]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is looked for
const styleSequence = /\x1b\[(\d+)m/g;
