import { words } from '../../../play/words.ts';
import type { Critic } from '../critic.ts';

/** Bounds on how surprising a reply may be to the model alone, in nats a token. */
export interface FluencyBand {
  /** What is below goes in circles or is known by heart. */
  readonly least: number;
  /** What is above is no sentence. */
  readonly most: number;
}

/** A reply is long enough to be counted from so many words on. */
const countedWords = 24;
/** Share of different pairs of words: speeches have .94 and more. */
const leastPairs = 0.85;

/** How a text goes in circles, with the share of its pairs of words that are different; undefined if it does not. */
export function circlesIn(text: string): string | undefined {
  const said = words(text);
  const pairs = said.slice(1).map((word, i) => `${said[i]} ${word}`);
  const different = new Set(pairs).size / Math.max(1, pairs.length);
  if (said.length < countedWords || different >= leastPairs) return undefined;
  return `goes in circles: ${Math.round(100 * different)} % of its pairs of words are different`;
}

/** Objects to words in no order, to circles, and to silence. */
export function fluencyCritic({ least, most }: FluencyBand): Critic {
  const objection = (reason: string, note: string) => ({ critic: 'fluency', reason, note });
  return {
    name: 'fluency',
    object({ text, natsPerToken }) {
      if (words(text).length === 0) return objection('says nothing', 'Answer in a sentence.');
      const circles = circlesIn(text);
      if (circles !== undefined) return objection(circles, 'Say each thing once.');
      // NaN compares as neither: what was not measured is not objected to.
      const nats = natsPerToken.toFixed(2);
      if (natsPerToken < least)
        return objection(`is foreseen: ${nats} nats a token`, 'Say it otherwise.');
      if (natsPerToken > most)
        return objection(`is no sentence: ${nats} nats a token`, 'Speak in plain sentences.');
      return undefined;
    },
  };
}

/**
 * The band of a character's own speeches as the model finds them: nothing more surprising than 19 of 20 of them, and
 * nothing less than a twentieth of their median, which no new sentence is.
 *
 * @param natsPerToken Of some speeches; at least one.
 */
export function fluencyBand(natsPerToken: readonly number[]): FluencyBand {
  const sorted = [...natsPerToken].sort((a, b) => a - b);
  return {
    least: sorted[sorted.length >> 1]! / 20,
    most: sorted[Math.ceil(0.95 * (sorted.length - 1))]!,
  };
}
