/** A regular expression that matches the text itself and nothing else, whatever signs are in it. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
