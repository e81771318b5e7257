/** Between grammars in one file, each of which a reply must match. */
export const grammarsApart = '\n---\n';

/** One word or phrase of a lexicon, with what it earns where that is not the lexicon's own weight. */
export interface LexiconEntry {
  readonly text: string;
  readonly weight?: number;
}

/** A text as a grammar's literal: quoted, with what would end it or break the line escaped. */
export function literal(text: string): string {
  const escaped = text.replace(/[\\"\n\r\t]/g, (found) => escapes[found]!);
  return `"${escaped}"`;
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/**
 * The line of a grammar that weighs words: `%lexicon early +1.2 { "thee" "thou" +0.7 }`.
 *
 * @param name   Letters, digits and hyphens; once in a grammar.
 * @param weight Log-weight that each occurrence earns, in nats.
 */
export function lexiconLine(
  name: string,
  weight: number,
  entries: readonly (string | LexiconEntry)[],
): string {
  const written = entries.map((entry) => {
    if (typeof entry === 'string') return literal(entry);
    const own = entry.weight === undefined ? '' : ` ${signed(entry.weight)}`;
    return literal(entry.text) + own;
  });
  return `%lexicon ${name} ${signed(weight)} { ${written.join(' ')} }`;
}

/** The line of a grammar that forbids words and phrases. */
export function banLine(phrases: readonly string[]): string {
  return `%ban { ${phrases.map(literal).join(' ')} }`;
}

/** The line of a grammar that weighs every word a regular expression matches as a whole. */
export function classLine(regex: string, weight: number): string {
  return `%class /${regex}/ ${signed(weight)}`;
}

/** Four decimals and always a sign, which is how the language tells a weight from a word. */
function signed(weight: number): string {
  if (!Number.isFinite(weight)) throw new RangeError(`the weight ${weight} is not finite`);
  return `${weight < 0 ? '-' : '+'}${Math.abs(weight).toFixed(4)}`;
}
