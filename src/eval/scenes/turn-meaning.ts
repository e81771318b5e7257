import type { Values } from '../../measure/row.ts';

/** Words of somebody with their vector, of L2 norm 1. */
export interface MeantTurn {
  readonly speaker: string;
  readonly vector: Float32Array;
}

/**
 * What turns mean beside one another, by their vectors: whether speakers keep to what is theirs, and whether a conversation
 * goes anywhere. A figure that cannot be told is missing.
 *
 * - `consistency`: mean cosine of a turn to its speaker's own earlier turns less that to the others' (LSCC).
 * - `progression`: distance from the first turn to the last one over log₁₀(turns + 1) (PD).
 * - `step`: harmonic mean of the distances from turn to turn; 0 where two are alike (HMP).
 *
 * @see Owen-Yang et al., "MPCEval", 2026.
 */
export function turnMeaning(turns: readonly MeantTurn[]): Values {
  const kept = turns.flatMap((turn, at) => {
    const [own, others] = [true, false].map((isOwn) =>
      meanOf(
        turns
          .slice(0, at)
          .filter(({ speaker }) => (speaker === turn.speaker) === isOwn)
          .map(({ vector }) => product(vector, turn.vector)),
      ),
    );
    const difference = own! - others!;
    return Number.isNaN(difference) ? [] : [difference];
  });
  const steps = turns.slice(1).map(({ vector }, i) => distance(turns[i]!.vector, vector));
  const [first, last] = [turns[0], turns.at(-1)];
  const figures = {
    consistency: meanOf(kept),
    progression:
      first && last && turns.length > 1
        ? distance(first.vector, last.vector) / Math.log10(turns.length + 1)
        : Number.NaN,
    step: steps.length / steps.reduce((sum, step) => sum + 1 / step, 0),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => !Number.isNaN(value)));
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

function distance(a: Float32Array, b: Float32Array): number {
  return Math.sqrt(a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0));
}
