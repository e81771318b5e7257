import { epochOrder, packed } from '../train/batches.ts';
import type { PlannedStep } from '../train/plan.ts';
import type { ChoiceRecipe } from './choice-recipe.ts';
import type { Page } from './page.ts';

/**
 * Every step of a run, as often through the pages as its steps need: it follows from the pages and the recipe alone, so
 * that a resumed run learns what it would have learned.
 *
 * @param pages At least one.
 */
export function choicePlan(
  pages: readonly Page[],
  {
    steps,
    seed,
    batchTokens,
    looksEvery,
    rate,
    warmUpSteps,
  }: Pick<ChoiceRecipe, 'steps' | 'seed' | 'batchTokens' | 'looksEvery' | 'rate' | 'warmUpSteps'>,
): readonly PlannedStep[] {
  const plan: PlannedStep[] = [];
  for (let epoch = 0; plan.length < steps; epoch++)
    for (const sequences of packed(epochOrder(pages, seed, epoch), batchTokens)) {
      const step = plan.length + 1;
      if (step > steps) break;
      plan.push({
        sequences,
        epoch,
        isEvaluated: step % looksEvery === 0 || step === steps,
        rate: rate * Math.min(1, step / Math.max(1, warmUpSteps)),
      });
    }
  return plan;
}
