import { prng, seedOf } from '../../measure/statistics/prng.ts';
import type { NextEvent, Policy } from '../events.ts';
import { mayBeNext } from './candidates.ts';
import type { Chooser, DirectorContext, Odds } from './chooser.ts';

/** A policy that weighs the candidates; who speaks is then drawn by seed, never the likeliest one taken. */
export function drawing(
  by: Policy,
  weigh: (
    context: DirectorContext,
    candidates: readonly string[],
    signal?: AbortSignal,
  ) => Odds | Promise<Odds>,
): Chooser {
  return async (context, signal) => {
    const candidates = mayBeNext(context);
    if ('kind' in candidates) return candidates;
    const odds = await weigh(context, candidates, signal);
    return { kind: 'next', candidates, ...odds, ...picked(context, candidates, odds), by };
  };
}

/** Nothing is drawn where one candidate is certain. */
function picked(
  { seed, turn, resting = [] }: DirectorContext,
  candidates: readonly string[],
  { probabilities }: Odds,
): Pick<NextEvent, 'chosen' | 'drawn'> {
  const certain = probabilities.indexOf(1);
  if (certain !== -1) return { chosen: candidates[certain]! };
  // Who let the turn pass is not drawn for once more: the turn is drawn anew.
  const drawn = prng(seedOf(String(seed), String(turn), 'next', ...[...resting].sort()))();
  return { drawn, chosen: candidates[indexAt(drawn, probabilities)]! };
}

/** Where on a line of the probabilities, laid end to end, a number in [0, 1) falls. */
export function indexAt(drawn: number, probabilities: readonly number[]): number {
  let end = 0;
  for (const [i, probability] of probabilities.entries()) {
    end += probability;
    if (drawn < end) return i;
  }
  // Rounding may leave the end of the line just short of 1.
  return probabilities.findLastIndex((probability) => probability > 0);
}

/** One candidate for certain. */
export function certain(candidates: readonly string[], name: string): Odds {
  return { probabilities: candidates.map((one) => Number(one === name)) };
}

/** All candidates alike. */
export function even(candidates: readonly string[]): Odds {
  return { probabilities: candidates.map(() => 1 / candidates.length) };
}
