/** A word of a text without letters beyond ASCII: looked for without tables of Unicode, which is faster. */
const plainWord = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;
/** A word: a run of letters or digits of any script, with inner apostrophes and hyphens; curly apostrophes already straight. */
const anyWord = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

/**
 * The words of a text, in lower case, with straight apostrophes: the tokeniser behind every word
 * count Dramatis prints. Punctuation is dropped; "o'er", "good-night" and "th'" → "th" are one word each.
 */
export function words(text: string): string[] {
  const plain = text.toLowerCase();
  if (!/[^\0-\x7f]/.test(plain)) return plain.match(plainWord) ?? [];
  return plain.normalize('NFC').replace(/[’‘]/g, "'").match(anyWord) ?? [];
}
