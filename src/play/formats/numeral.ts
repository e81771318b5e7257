const ordinals = [
  /^(?:first|prim[aeu]\w*)$/,
  /^(?:second|secund[aeu]\w*)$/,
  /^(?:third|terti[aeu]\w*)$/,
  /^(?:fourth|quart[aeu]\w*)$/,
  /^(?:fifth|quint[aeu]\w*)$/,
  /^(?:sixth|sext[aeu]\w*)$/,
  /^(?:seventh|septim[aeu]\w*)$/,
  /^(?:eighth|octav[aeu]\w*)$/,
  /^(?:ninth|non[aeu]\w*)$/,
  /^(?:tenth|decim[aeu]\w*)$/,
];
const cardinals = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const romanValues: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/**
 * The number that a word of a heading or label stands for: "IV", "4", "4th", "fourth", "Quarta", "four".
 *
 * @returns A whole number from 1, or undefined if the word is no numeral.
 */
export function numeral(text: string): number | undefined {
  const word = text.toLowerCase().replace(/[.,:;]+$/, '');
  const digits = /^(\d{1,3})(?:st|nd|rd|th|\.)?$/.exec(word);
  if (digits) return Number(digits[1]) || undefined;
  const ordinal = ordinals.findIndex((pattern) => pattern.test(word));
  if (ordinal >= 0) return ordinal + 1;
  const cardinal = cardinals.indexOf(word);
  return cardinal >= 0 ? cardinal + 1 : roman(word);
}

function roman(word: string): number | undefined {
  if (!/^(?:x[cl]|l?x{0,3})(?:ix|iv|v?i{0,4})$/.test(word) || word === '') return undefined;
  const values = [...word].map((letter) => romanValues[letter]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}

/** "first" … "tenth" for 1 … 10, as labels print them. */
export const ordinalNames =
  'FIRST SECOND THIRD FOURTH FIFTH SIXTH SEVENTH EIGHTH NINTH TENTH'.split(' ');
