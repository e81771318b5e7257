import { readFileSync } from 'node:fs';
import type { Play } from '../../play/play.ts';
import { SpokenWords } from '../../play/spoken-words.ts';
import { isModern, tongueOf } from '../../play/tongue.ts';
import { words } from '../../play/words.ts';
import { banLine } from '../grammar/grammar-text.ts';
import type { Push } from '../push.ts';

/**
 * Phrases of assistants and words of later times, without those that the play itself has, whatever century it is of:
 * data/anachronisms.json is a list of suspects. A play of today bans neither words of later times nor
 * what people say today as assistants do.
 *
 * @param play What may be learnt from: the train scenes alone.
 */
export function anachronisms(play: Play): readonly string[] {
  const spoken = SpokenWords.of(play);
  const { phrases, everyday } = suspects();
  const banned = isModern(tongueOf(play).period)
    ? phrases.filter((one) => !everyday.includes(one))
    : bannedPhrases();
  return banned.filter((phrase) => !spoken.has(phrase));
}

/** What data/anachronisms.json lists. */
interface Suspects {
  /** Phrases of assistants and critics. */
  readonly phrases: readonly string[];
  /** Those of the phrases that people say today, too. */
  readonly everyday: readonly string[];
  /** Words of later times. */
  readonly words: readonly string[];
}

let listed: Suspects | undefined;

function suspects(): Suspects {
  const path = new URL('../../../data/anachronisms.json', import.meta.url);
  listed ??= JSON.parse(readFileSync(path, 'utf8')) as Suspects;
  return listed;
}

/** The list in data/anachronisms.json: phrases of assistants first, then words of later times. */
export function bannedPhrases(): readonly string[] {
  const { phrases, words: later } = suspects();
  return [...phrases, ...later];
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
