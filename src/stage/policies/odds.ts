import { softmax } from '../../measure/statistics/softmax.ts';
import type { Odds } from './chooser.ts';

/** Probabilities by scores, after nudges. */
export function oddsOf(
  logits: readonly number[],
  candidates: readonly string[],
  nudges: ReadonlyMap<string, number>,
): Odds {
  const scores = logits.map((logit, i) => logit + (nudges.get(candidates[i]!) ?? 0));
  return { scores, probabilities: softmax(scores) };
}
