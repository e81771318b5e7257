import { isAction } from '../direction.ts';
import { isHeadingLine } from './heading.ts';
import { loneNumerals } from './line-marks.ts';

/** "太郎：誰だ": behind the colon of scripts without capitals there is no blank. */
const wideColon = /^(\s*\p{Lo}[\p{L}\p{M}\p{N}]{0,15})[:：]\s*/u;
/** "ANNA 🎣:", "🎭 ANNA:" */
const picture = '(?:\\p{Extended_Pictographic}(?:\\ufe0f|\\u200d|[\\u{1f3fb}-\\u{1f3ff}])*\\s*)*';
const pictured = new RegExp(
  `^(\\s*)${picture}(\\p{Lu}[\\p{L}\\p{M}\\p{N} .'’-]{0,30}?)\\s*${picture}:(?=\\s)`,
  'u',
);
/** "((whispers))", as transcripts have it. */
const doubled = /\(\(([^()]*)\)\)/g;
const title = '(?:Mrs?|Ms|Dr|St|Prof|Rev|Capt|Sgt|Lt|Col|Gen|Hon|Mme|Mlle|Sr|Sra)\\. ';
const smallName = `((?:${title})?(?!${title})\\p{Lu}[\\p{L}\\p{M}'’-]*(?: \\p{Lu}[\\p{L}\\p{M}'’-]*){0,2})`;
/** "Anna. Where?" */
const stoppedLabel = new RegExp(`^${smallName}\\. (?=\\S)`, 'u');
/** "Anna (rising). Where?" */
const bracketedLabel = new RegExp(`^${smallName} (\\([^()]*\\)|\\[[^[\\]]*\\])\\. (?=\\S)`, 'u');
const leastStopped = 4;
const stoppedShare = 0.25;
/** "mum: Is it done?" */
const smallLabel = /^(\s*)(\p{Ll}[\p{L}\p{M}\p{N}'’-]*(?: [\p{L}\p{M}\p{N}'’-]+){0,2}:\s+\S)/u;
const leastSmallLabels = 3;

/** Marks and letters that mean the same in all editions, in the form that most have. */
export function evenMarks(lines: readonly string[]): string[] {
  const even = headed(lines).map((line) =>
    starsAsItalics(line.replace(wideColon, '$1: ').replace(pictured, '$1$2:')).replace(
      doubled,
      '[*$1*]',
    ),
  );
  const filled = even.filter((line) => line.trim() !== '' && !isHeadingLine(line));
  const small = filled.filter((line) => smallLabel.test(line));
  // A text of names in small letters, as one writes to friends.
  if (small.length >= leastSmallLabels && small.length >= filled.length / 2)
    return even.map((line) =>
      line.replace(smallLabel, (_, blank: string, rest: string) => blank + withCapitals(rest)),
    );
  const stopped = stoppedNames(even, filled.length);
  if (stopped) return even.map((line, i) => withColon(line, i, { even, stopped }));
  return bracesAsBrackets(even);
}

/** In a text without headings "II" alone on its line is one. */
function headed(lines: readonly string[]): readonly string[] {
  if (lines.some(isHeadingLine)) return lines;
  const opening = loneNumerals(lines);
  return lines.map((line, i) => (opening.has(i) ? `Scene ${line.trim()}` : line));
}

/** "*shrugs* Gone *where*?": what is done in brackets, what is stressed in italics. */
function starsAsItalics(line: string): string {
  return line.replace(
    /(?<![*\w])\*(?![*\s])([^*]+)(?<![*\s])\*(?![*\w])/g,
    (found, inner: string, at: number) =>
      isAction(line.slice(0, at), inner, line.slice(at + found.length))
        ? `[*${inner}*]`
        : `_${inner}_`,
  );
}

const nameBefore = (line: string): string =>
  (stoppedLabel.exec(line) ?? bracketedLabel.exec(line))?.[1] ?? '';
const isFilled = (line: string | undefined): boolean => (line ?? '').trim() !== '';

/**
 * Names in small letters with a stop behind them that come again, in a text whose lines under each other begin with such;
 * undefined in any other.
 */
function stoppedNames(lines: readonly string[], filled: number): ReadonlySet<string> | undefined {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(nameBefore(line), (counts.get(nameBefore(line)) ?? 0) + 1);
  const names = new Set([...counts].filter(([, count]) => count > 1).map(([name]) => name));
  names.delete('');
  const labelled = lines.flatMap((line, i) => (names.has(nameBefore(line)) ? [i] : []));
  const close = labelled.filter((i) => isFilled(lines[i - 1]));
  const isUsual =
    labelled.length >= Math.max(leastStopped, stoppedShare * filled) &&
    close.length >= labelled.length / 2 &&
    names.size > 1 &&
    [...names].some((name) => /\p{Ll}/u.test(name));
  return isUsual ? names : undefined;
}

/** "Anna. Where?" as "Anna: Where?", where she comes again or the line is one of several. */
function withColon(
  line: string,
  i: number,
  { even, stopped }: { readonly even: readonly string[]; readonly stopped: ReadonlySet<string> },
): string {
  const alone = !isFilled(even[i - 1]) && !isFilled(even[i + 1]);
  if (alone && !stopped.has(nameBefore(line))) return line;
  return line.replace(stoppedLabel, '$1: ').replace(bracketedLabel, '$1 $2: ');
}

/** "the king: Come." as "The King: Come." */
function withCapitals(text: string): string {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).replace(/(?<![\p{L}'’])\p{Ll}/gu, (one) => one.toUpperCase());
  return name + text.slice(colon);
}

/** "{rising}": directions in braces, where every brace is closed on its line and there are no square brackets. */
function bracesAsBrackets(lines: readonly string[]): string[] {
  const text = lines.join('\n');
  const pairs = text.match(/\{[^{}|\n]*\}/g)?.length ?? 0;
  const braces = text.match(/[{}]/g)?.length ?? 0;
  if (pairs === 0 || braces !== 2 * pairs || /[[\]]/.test(text)) return [...lines];
  return lines.map((line) => line.replaceAll('{', '[').replaceAll('}', ']'));
}
