import { featuresOf, type KnownCast } from '../turn-features.ts';
import { scoreOf, shippedTurnModel } from '../turn-model.ts';
import type { Chooser } from './chooser.ts';
import { drawing } from './draw.ts';
import { oddsOf } from './odds.ts';

/** The plays' own order of speakers: by who spoke, who was called and who has come on, with the weights of data/turn-model.json. */
export function byTurnModel(cast: KnownCast): Chooser {
  const { weights } = shippedTurnModel();
  return drawing('turn-model', (context, candidates) => {
    const features = featuresOf(context, candidates, cast);
    const logits = features.map((row) => scoreOf(weights, row));
    return { features, ...oddsOf(logits, candidates, context.nudges) };
  });
}
