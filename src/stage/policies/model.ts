import type { Chooser, LabelScorer } from './chooser.ts';
import { drawing } from './draw.ts';
import { oddsOf } from './odds.ts';

/** Whose label a language model expects: what the page adds to a label's likelihood, and nothing else. */
export function byModel(scorer: LabelScorer): Chooser {
  return drawing('model', async (context, candidates, signal) => {
    const gains = await scorer(context, candidates, signal);
    const features = gains.map((gain) => [gain]);
    return { features, ...oddsOf(gains, candidates, context.nudges) };
  });
}
