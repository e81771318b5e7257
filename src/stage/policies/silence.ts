import { prng, seedOf } from '../../measure/statistics/prng.ts';
import type { KnownCast } from '../turn-features.ts';
import { shippedTurnModel } from '../turn-model.ts';
import type { Chooser } from './chooser.ts';
import { byTurnModel } from './turn-model.ts';

/**
 * The turn model in a scene that ends by itself: after any turn all may fall silent, as often as a scene of the plays ends
 * after a turn. Scenes end as soon after the tenth turn as after the hundredth (.022 to .030 a turn in 38 plays).
 */
export function orSilence(cast: KnownCast): Chooser {
  const speaks = byTurnModel(cast);
  const { silence } = shippedTurnModel();
  return async (context, signal) => {
    const { turns, seed, turn } = context;
    const drawn = prng(seedOf(String(seed), String(turn), 'silence'))();
    if (turns.length === 0 || drawn >= silence) return speaks(context, signal);
    return { kind: 'end', reason: 'silence', detail: `drawn ${drawn}, below ${silence}` };
  };
}
