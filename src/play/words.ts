/** Letters beyond ASCII; dashes and quotes are none. */
const foreign = /[^\0-\x7f\u00a0\u00ab\u00bb\u2010-\u2029]/;
/** A word of a text without such letters: looked for without tables of Unicode, which is faster. */
const plainWord = /[a-z0-9]+(?:['-][a-z0-9]+)*/g;
/** A word: a run of letters or digits of any script, with inner apostrophes and hyphens; curly apostrophes already straight. */
const anyWord = /[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*/gu;

/**
 * The words of a text, in lower case, with straight apostrophes: the tokeniser behind every word
 * count Dramatis prints. Punctuation is dropped; "o'er", "good-night" and "th'" → "th" are one word each.
 */
export function words(text: string): string[] {
  const plain = text.toLowerCase();
  // Most texts have one kind of apostrophe only: looking is cheaper than replacing.
  const straight = /[’‘]/.test(plain) ? plain.replace(/[’‘]/g, "'") : plain;
  if (!foreign.test(straight)) return straight.match(plainWord) ?? [];
  return straight.normalize('NFC').match(anyWord) ?? [];
}
