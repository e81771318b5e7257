/**
 * A text from a model, a play or a file as a terminal may be shown it: control characters, which could
 * move the cursor, change colours or answer for the user, are written out, and so are the marks that turn
 * the direction of writing. Line breaks and tabs stay.
 *
 * Works on any piece of a stream: an escape sequence without its escape is plain text.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

// Cc without tab and line feed, and the bidirectional controls of Unicode's Annex 9.
const unprintable = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
