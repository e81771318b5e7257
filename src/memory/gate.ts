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

/** What each figure weighs in the log-odds that something is not known. */
export interface GateWeights {
  readonly constant: number;
  readonly known: number;
  /** The weight of how much more the best unknown fact scores than the best known one. */
  readonly margin: number;
  readonly strange: number;
  /** Score of the best fact below which nothing is known. */
  readonly least: number;
}

/** Score of a fact below which it has nothing to do with the question: the best of each that can be answered has more. */
const leastKnown = 0.5;

/**
 * Weights of a logistic regression over the train questions of data/questions, fitted and measured by bench/gate.bench.ts:
 * of those that cannot be known it catches 76 of 78, of those that can it refuses 4 of 128. Of dev and holdout together it
 * catches 44 of 47 and refuses 1 of 61. A strange name weighs more than the 5.4 that fitting gives, of 21 cases: none of the
 * questions that can be answered has one.
 */
export const gateWeights: GateWeights = {
  constant: 7.63,
  known: -10.31,
  margin: 38.3,
  strange: 9,
  least: leastKnown,
};

/**
 * Weights where facts have no questions of their own, as drafts have none, and speeches are asked beside them: known ones
 * then fit less well, .73 in the median for .85, and the others tell less. With two facts of five, and speeches, they catch 73
 * of the 125 questions above that cannot be known and refuse 6 of 189; by the weights above they would refuse 32. What is
 * not caught is answered from what was heard, which holds nothing that is not known.
 */
export const bareWeights: GateWeights = {
  constant: 4.04,
  known: -8.02,
  margin: 20.33,
  strange: 7.37,
  least: 0.39,
};

/** Log-odds that what is asked is not known: above 0 it is taken for unknown. */
export function oddsOfNotKnowing(
  { known, unknown, isStrange }: GateFigures,
  weights: GateWeights = gateWeights,
): number {
  const { constant, known: forKnown, margin, strange } = weights;
  return constant + forKnown * known + margin * (unknown - known) + (isStrange ? strange : 0);
}

/** The verdict on a question of fact: something the character does not know fits it better, or nothing fits it. */
export function judgeKnowing(
  { known, unknown, isStrange }: Omit<Knowing, 'isKnown'>,
  weights: GateWeights = gateWeights,
): Knowing {
  const figures = { known: known?.score ?? 0, unknown: unknown?.score ?? 0, isStrange };
  return {
    isKnown: figures.known >= weights.least && oddsOfNotKnowing(figures, weights) <= 0,
    known,
    unknown,
    isStrange,
  };
}
