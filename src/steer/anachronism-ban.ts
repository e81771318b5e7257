import { readFileSync } from 'node:fs';
import type { Play } from '../play/play.ts';
import { speeches } from '../play/speeches.ts';
import { words } from '../play/words.ts';
import { type Push, sumOf } from './push.ts';
import { type Tokenizer, WordBias } from './word-bias.ts';

let listed: readonly string[] | undefined;

/**
 * Phrases of assistants and words of later times, without those that the play itself has, whatever century it is of:
 * data/anachronisms.json is a list of suspects.
 *
 * @param play What may be learnt from: the train scenes alone.
 */
export function anachronisms(play: Play): readonly string[] {
  listed ??= readList();
  const text = [...speeches(play)]
    .map(({ speech }) => ` ${words(speech.lines.join('\n')).join(' ')} `)
    .join('\n');
  return listed.filter((phrase) => !text.includes(` ${words(phrase).join(' ')} `));
}

function readList(): readonly string[] {
  const path = new URL('../../data/anachronisms.json', import.meta.url);
  const { phrases, words: single } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly phrases: readonly string[];
    readonly words: readonly string[];
  };
  return [...phrases, ...single];
}

/** The phrases of a list that a text has, as whole words, whatever their case. */
export function phrasesIn(text: string, phrases: readonly string[]): string[] {
  const said = ` ${words(text).join(' ')} `;
  return phrases.filter((phrase) => said.includes(` ${words(phrase).join(' ')} `));
}

/** In letters: the token of a shorter word is the beginning of too many others, as "hi" is of "hither". */
const shortest = 4;

/** Forbids the token that would complete a phrase. */
export function banPush(model: Tokenizer, phrases: readonly string[]): Push {
  const long = phrases.filter((phrase) => phrase.length >= shortest);
  const bias = new WordBias(model, [{ weight: Number.NEGATIVE_INFINITY, words: long }]);
  return {
    after: (text) => sumOf([bias.always, bias.after(text)]),
    about: `never ${phrases.slice(0, 6).join(', ')} and ${Math.max(0, phrases.length - 6)} more`,
  };
}
