import { numeral } from './numeral.ts';

/** A text whose lines begin with what is its own, and what stood before that. */
interface BareLines {
  readonly lines: readonly string[];
  /** Marks that have letters or numbers in them; `line` is 1-based. */
  readonly marks: readonly { readonly text: string; readonly line: number }[];
}

/** Marks of which nothing is kept: of a list, of a quotation. */
const emptyMarks = [/^[ \t]*[-*+•][ \t]+(?=\S)/u, /^(?:[ \t]*>)+[ \t]?/];
/** "[12/03/2024, 10:02:11] ", "10:02 - ", "00:01:02.500 " */
const timeMark =
  /^[ \t]*[[(]?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?[ \t]+)?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?(?:[ \t]?[AaPp]\.?[Mm]\.?)?[\])]?[ \t]*(?:[-–][ \t]*)?(?=\p{L})/u;
/** "12. ", "12) ", "[12] ", "12  " */
const numberMark = /^[ \t]*[[(]?(\d{1,4})[\])]?[.:)]?[ \t]+(?=[\p{L}*_"“(])/u;
/** "[ANNA] Where?", "<Anna> Where?" */
const bracketed = /^([ \t]*)(?:\[([^[\]<>:]{1,40})\]|<([^[\]<>:]{1,40})>):?[ \t]+(?=\S)/;
/** Behind a mark stands a name: something short up to a stop, a colon or a dash. */
const named = /^[*_]{0,3}\p{L}[^.:!?]{0,40}(?:[.:]|\s[—–-]\s)/u;

/** So many lines show that a mark is no accident. */
const leastLines = 3;
const leastNumbered = 4;
const share = 0.6;

/**
 * Takes off what stands before every line of a text that was copied from a list, a mail, a chat or a numbered edition,
 * and sets names in brackets as others are set: "[ANNA] Where?" as "ANNA: Where?".
 */
export function bareLines(printed: readonly string[]): BareLines {
  let lines = printed;
  for (const mark of emptyMarks)
    if (isUsual(lines, mark, leastLines)) lines = lines.map((line) => line.replace(mark, ''));
  const marks: { text: string; line: number }[] = [];
  for (const [mark, least] of [
    [timeMark, leastLines],
    [numberMark, leastNumbered],
  ] as const) {
    if (!isUsual(lines, mark, least) || (mark === numberMark && !isCounting(lines))) continue;
    lines = lines.map((line, i) => {
      const found = mark.exec(line)?.[0] ?? '';
      if (found !== '') marks.push({ text: found.trim(), line: i + 1 });
      return line.slice(found.length);
    });
  }
  return { lines: withColons(lines), marks };
}

/** Most lines begin with a mark, and with a name behind it. */
function isUsual(lines: readonly string[], mark: RegExp, least: number): boolean {
  const filled = lines.filter((line) => line.trim() !== '');
  const marked = filled.filter((line) => mark.test(line));
  if (marked.length < least || marked.length < share * filled.length) return false;
  const rests = marked.map((line) => line.replace(mark, '')).filter((rest) => rest.trim() !== '');
  return rests.filter((rest) => named.test(rest)).length > rests.length / 2;
}

/** The numbers rise from line to line: they count, and are of no "First Lord". */
function isCounting(lines: readonly string[]): boolean {
  const numbers = lines.flatMap((line) => Number(numberMark.exec(line)?.[1] ?? Number.NaN) || []);
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

/** Names in brackets before most lines, some of which come again. */
function withColons(lines: readonly string[]): readonly string[] {
  const filled = lines.filter((line) => line.trim() !== '');
  const names = filled.flatMap((line) => {
    const [, , square, angle] = bracketed.exec(line) ?? [];
    return square ?? angle ?? [];
  });
  const usual = names.length >= leastLines && names.length >= share * filled.length;
  if (!usual || new Set(names).size > names.length * share) return lines;
  return lines.map((line) =>
    line.replace(bracketed, (_, blank: string, square = '', angle = '') => {
      const name = `${square}${angle}`.trim();
      return `${blank}${name[0]!.toUpperCase()}${name.slice(1)}: `;
    }),
  );
}

const loneNumeral =
  /^[ \t]*((?:[IVX]+|One|Two|Three|Four|Five|Six|Seven|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN))\.?[ \t]*$/;

/** Lines of a numeral alone that count from one, in a text without other headings: each opens a scene. */
export function loneNumerals(lines: readonly string[]): ReadonlySet<number> {
  const found: number[] = [];
  lines.forEach((line, i) => {
    const word = loneNumeral.exec(line)?.[1];
    const apart = isBlank(lines[i - 1]) && isBlank(lines[i + 1]);
    if (word && apart && numeral(word) === found.length + 1) found.push(i);
  });
  return new Set(found.length > 1 ? found : []);
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
