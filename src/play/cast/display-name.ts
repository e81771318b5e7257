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
