import type { Match } from './memory-part.ts';
import type { Knowing } from './recalled.ts';

/** What the gate of not knowing goes by. */
export interface GateFigures {
  /** Score of the best fact that the character knows here; 0 if there is none. */
  readonly known: number;
  /** Score of the best fact that it does not know here. */
  readonly unknown: number;
  /** Whether the question names somebody or something that is nowhere in the play. */
  readonly isStrange: boolean;
}

/**
 * Weights of a logistic regression over the train questions of data/questions, fitted and measured by bench/gate.bench.ts:
 * of those that cannot be known it catches 75 of 78, of those that can it refuses 3 of 128. Of dev and holdout together it
 * catches 42 of 47 and refuses 2 of 61.
 */
export const gateWeights = { constant: 6.69, known: -9.08, margin: 36.6, strange: 5.85 } as const;

/** Log-odds that what is asked is not known: above 0 it is taken for unknown. */
export function oddsOfNotKnowing(
  { known, unknown, isStrange }: GateFigures,
  weights: Readonly<Record<keyof typeof gateWeights, number>> = gateWeights,
): number {
  const { constant, known: forKnown, margin, strange } = weights;
  return constant + forKnown * known + margin * (unknown - known) + (isStrange ? strange : 0);
}

/** The verdict on a question of fact: something the character does not know fits it better, or nothing fits it. */
export function judgeKnowing(
  { known: [known], unknown: [unknown] }: Found,
  isStrange: boolean,
  idOf: (item: number) => string,
): Knowing {
  const figures = { known: known?.score ?? 0, unknown: unknown?.score ?? 0, isStrange };
  const figure = (match: Match | undefined) =>
    match && { id: idOf(match.item), score: Number(match.score.toFixed(4)) };
  return {
    isKnown: oddsOfNotKnowing(figures) <= 0,
    known: figure(known),
    unknown: figure(unknown),
    isStrange,
  };
}

/** Facts that fit a question, best first. */
export interface Found {
  readonly known: readonly Match[];
  readonly unknown: readonly Match[];
}
