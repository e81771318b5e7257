/** "LADY MACBETH" → "Lady Macbeth", "GHOST OF HAMLET'S FATHER" → "Ghost of Hamlet's Father". */
export function displayName(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|[\s-])(\p{L})/gu, (_, gap: string, letter: string) => gap + letter.toUpperCase())
    .replace(/(?<=\s)(?:Of|The|And|To|In)\b/g, (word) => word.toLowerCase());
}

/** "A, B and C". */
export function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Titles that a name is told without; not "Lady", which mostly stands before the name of a husband. */
const title = /^(?:KING|QUEEN|PRINCE|PRINCESS|LORD|DUKE|DUCHESS|COUNT|EARL|SIR|OLD|YOUNG) (?=\S+$)/;

/** "KING CLAUDIUS" → "CLAUDIUS"; a name without a title as it is. */
export function withoutTitle(name: string): string {
  return name.replace(title, '');
}
