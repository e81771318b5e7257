import { words } from '../play/words.ts';
import {
  insideSentence,
  type LengthHazard,
  mostSentences,
  sentencesIn,
} from './levers/length-hazard.ts';
import type { LexiconGroup } from './levers/lexicon.ts';

/** What a token after a text is pushed by, said plainly: by the text alone, token by token, without any grammar. */
export interface SlowPush {
  /** In nats, but for a number that all tokens after the same text have in common; undefined: not allowed. */
  of(text: string, next: string | 'end'): number | undefined;
}

/** The hazard's odds where a sentence ends; seldom inside one; nothing for any other token. */
export function slowLength(hazard: LengthHazard): SlowPush {
  return {
    of(text, next) {
      if (next !== 'end') return 0;
      if (words(text).length === 0) return undefined;
      if (!endsSentence(text)) return insideSentence;
      const chance = hazard.at(Math.min(mostSentences, sentencesIn(text)));
      return Math.log(chance / (1 - chance));
    },
  };
}

/** Whether brackets are where they may be: looked at afresh for each text. */
export const slowBrackets: SlowPush = {
  of(text, next) {
    const open = text.lastIndexOf('[');
    const isInside = open > text.lastIndexOf(']');
    if (next === 'end') return isInside ? undefined : 0;
    if (/[(){}*]/.test(next)) return undefined;
    if (!isInside) {
      if (next === ']') return undefined;
      const isFree = (text.trim() === '' || endsSentence(text)) && !text.includes('[');
      return next === '[' && !isFree ? undefined : 0;
    }
    const said = text.slice(open + 1).split(' ');
    const isBetween = said.at(-1) === '';
    if (next === ']') return isBetween ? undefined : 0;
    if (next === ' ') return isBetween || said.length === 8 ? undefined : 0;
    return /[[\t\r\n]/.test(next) ? undefined : 0;
  },
};

/** Each line's end costs as much as the last. */
export const slowProse = (perBreak: number): SlowPush => ({
  of: (_, next) => (next === '\n' ? perBreak : 0),
});

/** What the words of a text earn in a lexicon, counted one after another; the text ends at a word's border. */
export function slowLexicon(groups: readonly LexiconGroup[], text: string): number {
  const said = words(text);
  let nats = 0;
  for (const { weight, words: listed } of groups)
    for (const entry of listed) {
      const wanted = words(entry);
      for (let at = 0; at + wanted.length <= said.length; at++)
        if (wanted.every((word, i) => said[at + i] === word)) nats += weight;
    }
  return nats;
}

/** The text ends where a sentence does. */
function endsSentence(text: string): boolean {
  return /[.!?…]["'”’)\]]*\s*$/.test(text);
}
