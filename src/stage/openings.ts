/** Turns whose first words are said less likely at the beginning of the next one. */
const openingsHeld = 4;
/** Nats for each of them: in the plays one turn in nine begins as one of the four before it, and one in eighty as two of them. */
const openingNats = -2;
/** Nats for the first word of a draft that was struck, in those that are drawn in its place. */
const struckNats = -4;

/** First words of the last turns, so that not everybody begins with "Madam". */
export function openingsOf(
  turns: readonly { readonly text: string }[],
): ReadonlyMap<string, number> {
  const openings = new Map<string, number>();
  for (const { text } of turns.slice(-openingsHeld)) add(openings, text, openingNats);
  return openings;
}

/** Openings after a draft was struck: the next one begins with other words, nearly always, so that it is not the same again. */
export function openingsAfterStruck(
  openings: ReadonlyMap<string, number>,
  struck: string,
): ReadonlyMap<string, number> {
  const more = new Map(openings);
  add(more, struck, struckNats);
  return more;
}

function add(openings: Map<string, number>, text: string, nats: number): void {
  const [word] = text.match(/[\p{L}'’]+/u) ?? [];
  if (word !== undefined) openings.set(word, (openings.get(word) ?? 0) + nats);
}
