import { readFileSync } from 'node:fs';
import type { Play } from '../../play/play.ts';
import { speeches } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';
import { banLine } from '../grammar/grammar-text.ts';
import type { Push } from '../push.ts';

/**
 * Phrases of assistants and words of later times, without those that the play itself has, whatever century it is of:
 * data/anachronisms.json is a list of suspects.
 *
 * @param play What may be learnt from: the train scenes alone.
 */
export function anachronisms(play: Play): readonly string[] {
  const text = [...speeches(play)]
    .map(({ speech }) => ` ${words(speech.lines.join('\n')).join(' ')} `)
    .join('\n');
  return bannedPhrases().filter((phrase) => !text.includes(` ${words(phrase).join(' ')} `));
}

let listed: readonly string[] | undefined;

/** The list in data/anachronisms.json: phrases of assistants first, then words of later times. */
export function bannedPhrases(): readonly string[] {
  listed ??= readList();
  return listed;
}

function readList(): readonly string[] {
  const path = new URL('../../../data/anachronisms.json', import.meta.url);
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

/** Forbids phrases; a reply that says one is taken back to where it began. */
export function banPush(phrases: readonly string[]): Push {
  return {
    grammar: phrases.length === 0 ? '' : `${banLine(phrases)}\n`,
    about: `never ${phrases.slice(0, 6).join(', ')} and ${Math.max(0, phrases.length - 6)} more`,
  };
}
