/** A word: a run of letters or digits, with inner apostrophes and hyphens; curly apostrophes already straight. */
const word = /[a-zà-ÿ0-9]+(?:['-][a-zà-ÿ0-9]+)*/g;

/**
 * The words of a text, in lower case, with straight apostrophes: the tokeniser behind every word
 * count Dramatis prints. Punctuation is dropped; "o'er", "good-night" and "th'" → "th" are one word each.
 */
export function words(text: string): string[] {
  const plain = text.toLowerCase();
  // Most texts have one kind of apostrophe only: looking is cheaper than replacing.
  return (/[’‘]/.test(plain) ? plain.replace(/[’‘]/g, "'") : plain).match(word) ?? [];
}
