import { sentencesOf } from '../../play/sentences.ts';
import type { Detector } from './detector.ts';

/** What people say who part. */
const parting =
  /\b(?:farewell|fare (?:you|ye|thee) well|adieu|good[- ]?by(?:e|es)?|good[- ]?night|bye(?:[- ]bye)?|god be (?:with|wi'?) (?:you|ye|thee)|god b'?w'?i'? ?(?:you|ye)|god buy you|(?:take|took) (?:my|our|thy|your) leave|i must (?:be gone|leave (?:you|thee))|till we meet again|until we meet again)\b/i;
/** Somebody who says more than so many sentences after a farewell stays. */
const lastSentences = 2;

/** The last two turns are farewells: then the speaker leaves; where only two were left, or it happens again, the scene ends. */
export const farewell: Detector = {
  name: 'farewell',
  read({ attempts }) {
    const [before, last] = attempts.slice(-2);
    if (!before?.text || !last?.text || before.who === last.who) return undefined;
    if (!isFarewell(before.text) || !isFarewell(last.text)) return undefined;
    return { value: 2, who: last.who };
  },
  act({ onStage }, { who }, before) {
    if (before > 0 || onStage.length <= 2) return { do: 'end', reason: 'farewell' };
    return { do: 'exit', who: who! };
  },
};

/** Whether a turn ends with a farewell. */
export function isFarewell(text: string): boolean {
  return sentencesOf(text)
    .slice(-lastSentences)
    .some((sentence) => parting.test(sentence.replace(/’/g, "'")));
}
