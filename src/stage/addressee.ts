import { prng, seedOf } from '../measure/statistics/prng.ts';
import { softmax } from '../measure/statistics/softmax.ts';
import type { DirectorContext } from './policies/chooser.ts';
import { indexAt } from './policies/draw.ts';
import { featuresOf, type KnownCast } from './turn-features.ts';
import { scoreOf, type TurnModel } from './turn-model.ts';

/** How likely a turn is meant for all, where there are several. */
const forAll = 0.15;

/**
 * Whom the next turn is meant for, drawn by seed: by the same features as its speaker, with weights of their own.
 *
 * @returns undefined for everybody.
 */
export function addresseeOf(
  context: DirectorContext,
  speaker: string,
  cast: KnownCast,
  { addressWeights }: TurnModel,
): string | undefined {
  const others = [...new Set(context.onStage)].filter((name) => name !== speaker).sort();
  if (others.length < 2) return others[0];
  const rows = featuresOf(context, others, cast);
  const odds = softmax(rows.map((row) => scoreOf(addressWeights, row)));
  const drawn = prng(seedOf(String(context.seed), String(context.turn), 'to'))();
  const at = indexAt(drawn, [forAll, ...odds.map((one) => one * (1 - forAll))]);
  return at === 0 ? undefined : others[at - 1];
}
