import type { MatrixName } from '../../engine/matrix-names.ts';
import type { Form } from '../../prompt/prompt.ts';
import { recipeDefaults } from '../../train/recipe.ts';
import type { Pace } from '../../train/training.ts';

/**
 * How replies are learned. `raft`: the best of each question's replies, as any text. `rloo`: all of them, each as far as it is
 * better than the others.
 *
 * @see Dong et al., "RAFT", 2023; Ahmadian et al., "Back to Basics: Revisiting REINFORCE Style Optimization", 2024.
 */
export const replyMethods = ['raft', 'rloo'] as const;
type ReplyMethod = (typeof replyMethods)[number];

/** `full`: from the whole distribution at temperature 1. `chat`: as in a conversation, cooler and without its tail. */
export const replySamplers = ['full', 'chat'] as const;
export type ReplySampler = (typeof replySamplers)[number];

/** With what replies are learned: plain data, and with the same play, base and machine the same adapter. */
export interface ReplyRecipe extends Pace {
  readonly form: Form;
  readonly method: ReplyMethod;
  readonly sampler: ReplySampler;
  readonly rank: number;
  readonly alpha: number;
  readonly matrices: readonly MatrixName[];
  /** AdamW's rate, after the warm-up. */
  readonly rate: number;
  readonly warmUpSteps: number;
  readonly steps: number;
  /** Questions of a step. */
  readonly questions: number;
  /** Replies to each question: two at least. */
  readonly replies: number;
  /** Tokens of a reply, at most. */
  readonly replyTokens: number;
  /** What a nat of distance from the policy before takes from a reward, times `replyTokens`; it is adapted to the distance. */
  readonly penalty: number;
  readonly looksEvery: number;
  /** Shadow questions that a look asks, at most, and replies to each. */
  readonly lookQuestions: number;
  readonly lookReplies: number;
  /** Printed replies that the frozen critic reads, at most: reading one takes as long as reading a reply. */
  readonly originals: number;
  /** Questions of held-out scenes that are asked once, at the end, at most. */
  readonly heldOut: number;
  readonly control: ReplyControl;
}

/** `permuted`: the rewards of a step are dealt anew among its replies, to see that nothing is learned then. */
export const replyControls = ['none', 'permuted'] as const;
type ReplyControl = (typeof replyControls)[number];

/**
 * Four replies are nearly as good as sixteen, so a step has more questions instead. The scope is `turn`: a prompt is read by
 * what is frozen, once for all steps.
 *
 * @see Wu et al., "It Takes Two: Your GRPO Is Secretly DPO", 2025.
 */
export const replyDefaults: Omit<ReplyRecipe, 'form' | 'method' | 'scope'> & {
  readonly scope: 'turn';
} = {
  scope: 'turn',
  sampler: 'full',
  rank: 8,
  alpha: 16,
  matrices: recipeDefaults.matrices,
  rate: 5e-5,
  warmUpSteps: 10,
  steps: 200,
  questions: 12,
  replies: 4,
  replyTokens: 60,
  penalty: 0.05,
  looksEvery: 10,
  lookQuestions: 16,
  lookReplies: 2,
  originals: 48,
  heldOut: 24,
  patience: 3,
  batchTokens: 3072,
  clip: 0.5,
  beta1: 0.9,
  beta2: 0.99,
  decay: 0,
  seed: 1,
  control: 'none',
};
