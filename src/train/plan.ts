import { epochOrder, packed, type Sequence } from './batches.ts';
import { rateAt } from './learning-rate.ts';
import type { Recipe } from './recipe.ts';

/** A step of the optimiser before it is taken. */
export interface PlannedStep {
  readonly sequences: readonly Sequence[];
  /** Counted from 0. */
  readonly epoch: number;
  /** Whether the dev scenes are evaluated after it. */
  readonly isEvaluated: boolean;
  /** The optimiser's rate. */
  readonly rate: number;
}

/** Every step of a run, epoch by epoch: it follows from the sequences and the recipe alone. */
export function planOf(
  train: readonly Sequence[],
  recipe: Pick<Recipe, 'epochs' | 'seed' | 'batchTokens' | 'evalsPerEpoch' | 'rate' | 'warmUp'>,
): readonly PlannedStep[] {
  const { epochs, seed, batchTokens, evalsPerEpoch } = recipe;
  return Array.from({ length: epochs }, (_, epoch) => {
    const batches = packed(epochOrder(train, seed, epoch), batchTokens);
    const evaluated = evaluatedAfter(batches.length, evalsPerEpoch);
    return batches.map((sequences, i) => ({ sequences, epoch, isEvaluated: evaluated.has(i) }));
  })
    .flat()
    .map((step, i, all) => ({ ...step, rate: rateAt(i + 1, all.length, recipe) }));
}

/** Indices of the batches of an epoch after which the dev scenes are evaluated: evenly spread, the last among them. */
function evaluatedAfter(batches: number, evals: number): ReadonlySet<number> {
  return new Set(
    Array.from({ length: evals }, (_, i) => Math.ceil(((i + 1) * batches) / evals) - 1),
  );
}
