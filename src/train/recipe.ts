import type { RowOptions } from '../corpus/rows/row-options.ts';
import type { AdapterScope } from '../engine/adapter.ts';
import type { MatrixName } from '../engine/matrix-names.ts';
import type { Form } from '../prompt/prompt.ts';
import type { ObjectiveName } from './objectives/all.ts';

/** With what an adapter is trained: plain data, and with the same data, base and machine the same adapter. */
export interface Recipe {
  /** How rows are written, which is how the adapter must be asked. */
  readonly form: Form;
  readonly rank: number;
  readonly alpha: number;
  /** The adapter counts alpha / √rank instead of alpha / rank. */
  readonly rankStabilised: boolean;
  /** `context`: it acts on all that is read; `turn`: on the character's own turns, behind what the model alone has read. */
  readonly scope: AdapterScope;
  /** Share of an adapter's inputs left out at random. */
  readonly dropout: number;
  /** First and last layer, from 0; null: all. */
  readonly layers: readonly [number, number] | null;
  readonly matrices: readonly MatrixName[];
  /** AdamW's highest rate. */
  readonly rate: number;
  /** Share of all steps in which the rate rises from nothing; then it falls to nothing along a cosine. */
  readonly warmUp: number;
  readonly epochs: number;
  /** Most tokens of one step, of which some are learned. */
  readonly batchTokens: number;
  /** Most tokens of one row; a longer one is divided. */
  readonly context: number;
  /**
   * How rows of the kind `contrast` count: `likelihood`, by making the words of another unlikely; `preference`, by the
   * character's own words being likelier than those in the same place: see `Preference`.
   */
  readonly objective: ObjectiveName;
  /** β of `preference`: how soon the two are far enough apart, in 1 / nats. */
  readonly beta: number;
  /** Highest L2 norm of all gradients together: larger ones are scaled down to it. */
  readonly clip: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly decay: number;
  /** Times an epoch that the dev scenes are evaluated. */
  readonly evalsPerEpoch: number;
  /** Evaluations without a better one before training ends. */
  readonly patience: number;
  readonly seed: number;
  readonly rows: RowOptions;
}

/**
 * Rank 16 with alpha 32 on all matrices of all layers, 3e-4 along a cosine: what PEFT's users take, and what the
 * figures of a plain adapter were measured with. Small steps: half a window of text is worth one.
 */
export const recipeDefaults: Omit<Recipe, 'rows'> = {
  form: 'chat',
  rank: 16,
  alpha: 32,
  rankStabilised: false,
  scope: 'context',
  dropout: 0,
  layers: null,
  matrices: ['attn_q', 'attn_k', 'attn_v', 'attn_output', 'ffn_gate', 'ffn_up', 'ffn_down'],
  rate: 3e-4,
  warmUp: 0.06,
  epochs: 3,
  batchTokens: 1024,
  context: 1024,
  objective: 'likelihood',
  beta: 0.1,
  clip: 1,
  beta1: 0.9,
  beta2: 0.999,
  decay: 0,
  evalsPerEpoch: 2,
  patience: 3,
  seed: 1,
};

/** A recipe under the names that former programs wrote it with, in the same order: to find the runs that they began. */
export function formerRecipe(recipe: Recipe): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(recipe).map(([name, value]) => [
      name === 'evalsPerEpoch' ? 'looks' : name,
      value,
    ]),
  );
}
