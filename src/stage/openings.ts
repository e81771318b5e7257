/** Turns whose first words are said less likely at the beginning of the next one. */
const openingsHeld = 4;
/** Nats for each of them: in the plays one turn in nine begins as one of the four before it, and one in eighty as two of them. */
const openingNats = -2;

/** First words of the last turns, so that not everybody begins with "Madam". */
export function openingsOf(
  turns: readonly { readonly text: string }[],
): ReadonlyMap<string, number> {
  const openings = new Map<string, number>();
  for (const { text } of turns.slice(-openingsHeld)) {
    const [word] = text.match(/[\p{L}'’]+/u) ?? [];
    if (word !== undefined) openings.set(word, (openings.get(word) ?? 0) + openingNats);
  }
  return openings;
}
