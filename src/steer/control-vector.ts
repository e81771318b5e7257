/**
 * A push in the model's own terms: a direction in the residual stream of each of some layers, added to every token that is
 * evaluated, times the strength.
 *
 * A session that can be pushed by one takes `control(vector | null, strength)` between any two tokens, and acts from the next
 * token on: what is in the cache was made without, so the caller begins anew or accepts the seam. No engine offers it yet.
 */
export interface ControlVector {
  /** Layer, counted from 0 → nEmbd floats of norm 1. */
  readonly directions: ReadonlyMap<number, Float32Array>;
}

/** What an engine must offer to find directions: the means of hidden states, so that no states cross the boundary. */
export interface HiddenMeans {
  /**
   * The mean residual stream after a layer over the tokens of some texts, each read after the same prefix.
   *
   * @returns nEmbd floats for each layer asked for.
   */
  hiddenMeans(
    prefix: Int32Array,
    texts: readonly Int32Array[],
    layers: readonly number[],
    signal?: AbortSignal,
  ): Promise<readonly Float32Array[]>;
}

/**
 * Directions from the lines of others towards the lines of a character, layer by layer: the difference of their mean
 * hidden states, at norm 1. All zeros where the two means are the same.
 *
 * @param own, others Lines as tokens: the train scenes alone.
 * @see Rimsky et al., "Steering Llama 2 via Contrastive Activation Addition", 2023.
 */
export async function controlVector(
  engine: HiddenMeans,
  prefix: Int32Array,
  { own, others }: { readonly own: readonly Int32Array[]; readonly others: readonly Int32Array[] },
  layers: readonly number[],
  signal?: AbortSignal,
): Promise<ControlVector> {
  const towards = await engine.hiddenMeans(prefix, own, layers, signal);
  const from = await engine.hiddenMeans(prefix, others, layers, signal);
  return {
    directions: new Map(layers.map((layer, i) => [layer, unit(towards[i]!, from[i]!)])),
  };
}

function unit(towards: Float32Array, from: Float32Array): Float32Array {
  const delta = towards.map((value, i) => value - from[i]!);
  const norm = Math.hypot(...delta);
  return norm === 0 ? delta : delta.map((value) => value / norm);
}
