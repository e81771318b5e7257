import { literalPattern } from '../../play/literal.ts';
import type { Guard } from './guard.ts';

/** Cuts a draft where somebody's label begins: what comes after it is another's speech. "Ophelia" in a sentence is no label. */
export const label: Guard = {
  name: 'label',
  judge({ text }, { play }) {
    const found = findLabel(text, play.labels);
    return found && { detail: `writes the label “${found.label}”`, cutAt: found.at };
  },
};

/** A label inside of words. */
export interface FoundLabel {
  readonly label: string;
  /** Index of the text at which it begins, with the marks that stand before it. */
  readonly at: number;
}

const patternsOf = new WeakMap<readonly string[], readonly RegExp[]>();

/**
 * The first speaker's label in a text, in the spellings that editions and models use: "OPHELIA:", "OPHELIA.", "Ophelia:",
 * "**Ophelia:**", "[Ophelia]", "OPHELIA (aside):", or the name alone on a line.
 *
 * @param names In capitals.
 */
export function findLabel(text: string, names: readonly string[]): FoundLabel | undefined {
  let patterns = patternsOf.get(names);
  if (!patterns) {
    patterns = labelPatterns(names);
    patternsOf.set(names, patterns);
  }
  const found = patterns.flatMap((pattern): FoundLabel[] => {
    const match = pattern.exec(text);
    if (!match) return [];
    const blanks = match[0].length - match[0].trimStart().length;
    return [{ label: match[0].trim(), at: match.index + blanks }];
  });
  return found.reduce<FoundLabel | undefined>(
    (first, one) => (first && first.at <= one.at ? first : one),
    undefined,
  );
}

/** Where a speech may begin: after a line's end, or after a sentence's. */
const start = '(?<=^|\\n|[.!?…:;—–-]["”’)\\]]*\\s+|["”)\\]]\\s*)';
/** Marks around a name, and a direction after it. */
const open = '[*_\\[<#>]{0,4} ?';
const close = '(?: ?[([][^)\\]\\n]{0,40}[)\\]])?[*_\\]>]{0,4}';

function labelPatterns(names: readonly string[]): readonly RegExp[] {
  const any = [...names]
    .sort((a, b) => b.length - a.length)
    .map((name) => literalPattern(name).replaceAll(' ', '\\s+'))
    .join('|');
  const name = `(?<![\\p{L}\\p{N}'’-])(?:${any})(?![\\p{L}\\p{N}'’-])`;
  return [
    // "Ophelia:" where a speech may begin, in capitals anywhere.
    new RegExp(`${start}${open}${name}${close}:`, 'iu'),
    new RegExp(`(?:\\p{Lu}+ ){0,2}${open}${name}${close}:`, 'u'),
    // "OPHELIA." where a speech may begin, "Ophelia." only on a new line.
    new RegExp(`${start}${open}${name}${close}(?:[.—]|\\s*(?:\\n|$))`, 'u'),
    new RegExp(`(?<=\\n\\s*)${open}${name}${close}(?:\\.(?=\\s|$)|[—]|\\s*(?:\\n|$))`, 'iu'),
    new RegExp(`^${open}${name}${close}\\.?\\s*\\n`, 'iu'),
    // Between marks of its own.
    new RegExp(`${start}(?:\\*\\*|__|\\[|<)${name}(?:\\*\\*|__|\\]|>)`, 'iu'),
    // Somebody whom the play does not know.
    new RegExp(`${start}${open}(?!I:)\\p{Lu}[\\p{Lu}'’ ]{2,30}${close}:(?=\\s|$)`, 'u'),
    new RegExp(`(?<=\\n\\s*)${open}\\p{Lu}[\\p{Lu}'’ ]{2,30}${close}[.:](?=\\s|$)`, 'u'),
  ];
}
