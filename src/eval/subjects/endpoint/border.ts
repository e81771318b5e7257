/**
 * Where the words that are scored begin in the tokens of page and words: the first token that is not wholly of the page.
 *
 * A server tokenises both as one text, and a token may straddle the border: a page that ends in a space, "To"
 * after it, and the token " To". Such a token is counted with the words, which is what lm-evaluation-harness gets
 * by moving the space: the sum stays a log-probability, never above 0.
 *
 * Found from the end: the last tokens whose texts together hold `words`. The offsets that servers send along are not
 * used: they count the text of a start token here and leave it out there, and bytes, characters or UTF-16 units.
 *
 * @returns Undefined where the texts do not tell: a server shows a part of a character as nothing or as U+FFFD,
 *   and some drop a space.
 */
export function borderByText(tokens: readonly string[], words: string): number | undefined {
  let tail = '';
  for (let at = tokens.length - 1; at >= 0; at--) {
    tail = tokens[at] + tail;
    if (tail.length < words.length) continue;
    const isHidden = tail.length === words.length && tokens[at - 1] === '';
    return tail.endsWith(words) && !isHidden ? at : undefined;
  }
  return undefined;
}

/** The border between the tokens of a page and those of page and words: how many they begin with in common. */
export function borderByPrefix<T>(page: readonly T[], whole: readonly T[]): number {
  const differs = page.findIndex((token, i) => token !== whole[i]);
  return differs < 0 ? page.length : differs;
}
