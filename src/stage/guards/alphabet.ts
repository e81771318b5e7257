import type { Guard } from './guard.ts';

/** Alphabets that plays are printed in, and those that small models fall into. */
const alphabets = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Georgian',
  'Armenian',
].map((name) => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'u') }));

/** No letters, and in no speech: a character that was cut in two, and pictures. */
const picture = /[\uFFFD\u{1F000}-\u{1FAFF}\u{2600}-\u{27BF}]/u;

/** The names of the alphabets that a text has letters of; "other" for one that has no name here. */
export function alphabetsIn(text: string): ReadonlySet<string> {
  const letters = new Set(text.match(/\p{L}/gu) ?? []);
  return new Set([...letters].map(alphabetOf));
}

function alphabetOf(letter: string): string {
  return alphabets.find((one) => one.letter.test(letter))?.name ?? 'other';
}

/** Strikes words in an alphabet that the play is not printed in, and pictures. */
export const alphabet: Guard = {
  name: 'alphabet',
  judge({ text }, { play }) {
    const shown = picture.exec(text);
    if (shown) return { detail: `has the sign “${shown[0]}”` };
    const strange = (text.match(/\p{L}/gu) ?? []).find(
      (letter) => !play.alphabets.has(alphabetOf(letter)),
    );
    return strange === undefined
      ? undefined
      : { detail: `has a letter of another alphabet, ${alphabetOf(strange)}: “${strange}”` };
  },
};
