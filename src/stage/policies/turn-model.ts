import type { Play } from '../../play/play.ts';
import { featuresOf, knownCast } from '../turn-features.ts';
import { scoreOf, shippedTurnModel } from '../turn-model.ts';
import type { Chooser } from './chooser.ts';
import { drawing } from './draw.ts';
import { oddsOf } from './odds.ts';

/** The plays' own order of speakers: by who spoke, who was called and who has come on, with the weights of data/turn-model.json. */
export function byTurnModel(play: Play): Chooser {
  const cast = knownCast(play);
  const model = shippedTurnModel();
  return drawing('turn-model', (context, candidates) => {
    const features = featuresOf(context, candidates, cast);
    const logits = features.map((row) => scoreOf(model, row));
    return { features, ...oddsOf(logits, candidates, context.nudges) };
  });
}
