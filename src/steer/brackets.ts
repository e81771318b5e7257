import { words } from '../play/words.ts';
import type { Push } from './push.ts';
import { each, endsSentence, endTokens } from './reply-ends.ts';
import { type SpelledModel, vocabularyTexts } from './vocabulary-texts.ts';

/** In words: a direction is closed from here on. */
const longestDirection = 8;
const closing = 12;
const never = Number.NEGATIVE_INFINITY;

/**
 * Keeps stage directions in square brackets: one opens between sentences only, is closed within a few words, and a reply
 * does not end inside it; other brackets and stars, which models put directions into, are not said.
 */
export function bracketsPush(model: SpelledModel & Parameters<typeof endTokens>[0]): Push {
  const texts = vocabularyTexts(model);
  const tokensWith = (pattern: RegExp): number[] =>
    texts.flatMap((text, token) => (pattern.test(text) ? [token] : []));
  const foreign = tokensWith(/[(){}*]/);
  const opens = tokensWith(/\[/);
  const closes = tokensWith(/\]/);
  const breaks = tokensWith(/\n/);
  const plain = each([...foreign, ...opens, ...closes], never);
  const between = each([...foreign, ...closes], never);
  const inside = each([...foreign, ...opens, ...breaks, ...endTokens(model)], never);
  const ending = new Map([...inside, ...each(closes, closing)]);
  return {
    after(text) {
      const open = text.lastIndexOf('[');
      if (open > text.lastIndexOf(']')) {
        return words(text.slice(open)).length < longestDirection ? inside : ending;
      }
      const isFree = (text.trim() === '' || endsSentence(text)) && !text.includes(']');
      return isFree ? between : plain;
    },
    about: `stage directions in [square brackets], at most ${longestDirection} words, one a reply`,
  };
}
