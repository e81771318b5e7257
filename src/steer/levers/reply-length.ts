import { words } from '../../play/words.ts';
import type { LengthBand } from './length-band.ts';

/** Enough that nothing else is drawn; not Infinity, which would leave no distribution to draw from. */
const certain = 40;
/** How much one more word past the median helps a reply to end, once its sentence has. */
const perWord = 0.25;
const atMedian = 1;

const sentenceEnd = /[.!?…]["'”’)\]]*\s*$/;

/**
 * What is added to the logits of the tokens that end a reply: they are banned below the band, left
 * alone up to its middle and inside a sentence, helped after that, and certain above the band.
 */
export function endBias(textSoFar: string, band: LengthBand): number {
  const count = words(textSoFar).length;
  if (count < band.least) return Number.NEGATIVE_INFINITY;
  if (count < band.median || !sentenceEnd.test(textSoFar)) return 0;
  if (count >= band.most) return certain;
  return atMedian + perWord * (count - band.median);
}
