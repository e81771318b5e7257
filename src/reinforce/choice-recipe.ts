import type { MatrixName } from '../engine/matrix-names.ts';
import type { Form } from '../prompt/prompt.ts';
import { recipeDefaults } from '../train/recipe.ts';
import type { Pace } from '../train/training.ts';

/** With what a choice is learned: plain data, and with the same items, base and machine the same adapter. */
export interface ChoiceRecipe extends Pace {
  /** How questions are written, which is how the adapter must be asked. */
  readonly form: Form;
  readonly rank: number;
  readonly alpha: number;
  readonly matrices: readonly MatrixName[];
  /** First and last layer that is adapted; all unless given. */
  readonly layers: readonly [number, number] | null;
  /** AdamW's rate, after the warm-up: it stays, so that a run may be ended at any step. */
  readonly rate: number;
  /** Steps in which the rate rises from nothing. */
  readonly warmUpSteps: number;
  /** Steps of the optimiser, if nothing ends the run before. */
  readonly steps: number;
  /** Steps from one look at the shadow items to the next. */
  readonly looksEvery: number;
  /** Shadow pages that a look asks about, at most: the same in every look. */
  readonly lookPages: number;
  readonly control: ChoiceControl;
}

/**
 * What a run is set beside. `permuted`: the rewards of what is learned are dealt anew among the items, to see that nothing
 * is learned then. `likelihood`: the right answers are learned as any text is, whatever the others have.
 */
export const choiceControls = ['none', 'permuted', 'likelihood'] as const;
export type ChoiceControl = (typeof choiceControls)[number];

/**
 * Rank 8 is enough for what rewards tell (Schulman et al., "LoRA Without Regret", 2025), and all matrices are adapted. A
 * batch is about one page. The scope is `context`: pages are read with what is trained.
 */
export const choiceDefaults: Omit<ChoiceRecipe, 'form'> = {
  scope: 'context',
  rank: 8,
  alpha: 16,
  matrices: recipeDefaults.matrices,
  layers: null,
  rate: 1e-4,
  warmUpSteps: 10,
  steps: 200,
  looksEvery: 25,
  lookPages: 16,
  patience: 3,
  batchTokens: 3072,
  clip: 0.5,
  beta1: 0.9,
  beta2: 0.99,
  decay: 0,
  seed: 1,
  control: 'none',
};
