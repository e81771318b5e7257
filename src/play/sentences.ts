/** The sentences of a text, each with its mark; a line end is a blank. */
export function sentencesOf(text: string): string[] {
  return text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?…]["'”’)\]]*) /)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
