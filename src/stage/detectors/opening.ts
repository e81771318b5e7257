import { sentencesOf } from '../../play/sentences.ts';
import { openingOf } from '../said-again.ts';
import type { Attempt } from './attempts.ts';
import { type Detector, lately } from './detector.ts';

/** So often sentences are forgotten; then the scene ends. */
const forgets = 2;

/**
 * Turns of the last eight that begin with the same two words, whoever says them, a silence because of it among them: then the
 * sentences that begin so leave all views, for small models go on as the page begins. Ends the scene at the third time.
 */
export const opening: Detector = {
  name: 'opening',
  read({ attempts }) {
    const last = attempts.at(-1);
    if (!last || last.playedBy === 'human') return undefined;
    const alike = openedAlike(attempts);
    if (alike.length === 0) return undefined;
    return { value: alike.length, who: last.who, detail: `“${openingOf(wordsOf(last))}”` };
  },
  act({ attempts }, _, before) {
    if (before >= forgets) return { do: 'end', reason: 'loop' };
    const sentences = openedAlike(attempts).map((one) => sentencesOf(wordsOf(one))[0]!);
    return { do: 'forget', sentences: [...new Set(sentences)] };
  },
};

/** Those of the last eight turns that begin as the last one does, itself among them; none if it is too short. */
export function openedAlike(attempts: readonly Attempt[]): readonly Attempt[] {
  const last = attempts.at(-1);
  const own = last && openingOf(wordsOf(last));
  if (own === undefined) return [];
  return lately({ attempts }).filter((one) => openingOf(wordsOf(one)) === own);
}

/** What was said, or would have been but for how it begins. */
function wordsOf({ text, struck }: Attempt): string {
  return text ?? struck.findLast(({ guard }) => guard === 'opening')?.text ?? '';
}
