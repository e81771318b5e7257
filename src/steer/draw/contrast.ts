import type { Cache } from '../../engine/session/cache.ts';
import type { Against } from '../../engine/session/draw-together.ts';
import type { Session } from '../../engine/session/session.ts';
import type { LeverCost } from '../steering.ts';
import { logSumExp } from './logits.ts';

/** Nats by which one token's difference may be extrapolated beyond the character. Far out a difference is noise. */
const mostDifference = 5;

/** How strongly a reply is contrasted with a base, and what the base reads. */
export interface ContrastOptions {
  /** 1 is the character as is; 0 the base; above 1 more of what tells the character from the base. */
  readonly alpha: number;
  /** Reads what the base makes of the same words. Nobody else uses it meanwhile; its opener disposes of it. */
  readonly base: Session;
  /** The base's own prompt: without the persona, or the same tokens where an adapter is what is taken away. */
  readonly prompt: Int32Array;
}

/**
 * Moves each token by (α − 1) · (character − base), so that what is drawn from is base + α · (character − base), each a
 * log-probability: what the persona or the adapter adds, stronger or weaker.
 *
 * Sessions of one cache take their steps together, and the engine does this; others one after the other, by `after`.
 *
 * @see Liu et al., "DExperts", 2021; Li et al., "Contrastive Decoding", 2023, on why differences are cut off.
 */
export class Contrast {
  readonly #options: ContrastOptions;
  #tokens = 0;
  #ms = 0;

  constructor(options: ContrastOptions) {
    this.#options = options;
  }

  /**
   * @param own  The character's logits, one a token of the vocabulary.
   * @param said Tokens said since the prompt.
   * @returns    What to add to each; undefined where the base's window is full.
   */
  async after(
    own: Float32Array,
    said: readonly number[],
    signal?: AbortSignal,
  ): Promise<Float32Array | undefined> {
    const start = performance.now();
    const other = await this.#read(said, signal);
    const added = other && contrastOf(own, other, this.#options.alpha);
    this.charge(performance.now() - start);
    return added;
  }

  /** Whether the base is a session of this cache, whose sessions take their steps together with it. */
  isOfCache(cache: Cache): boolean {
    return this.#options.base.cache === cache;
  }

  /** Contrast for a session of the base's own cache, computed in the same step. */
  get against(): Against {
    return this.#options;
  }

  /** Adds a token and the milliseconds it took; all of them where the base shares the step. */
  charge(ms: number): void {
    this.#ms += ms;
    this.#tokens++;
  }

  async #read(said: readonly number[], signal?: AbortSignal): Promise<Float32Array | undefined> {
    const { base, prompt } = this.#options;
    if (prompt.length + said.length > base.window) return undefined;
    await base.prefill(Int32Array.from([...prompt, ...said]), signal);
    return base.logits();
  }

  cost(): LeverCost {
    return { lever: 'contrast', ms: this.#ms, count: this.#tokens, per: 'token' };
  }
}

/**
 * (α − 1) · (log p − log q) for each token. With α above 1 no difference counts beyond `mostDifference`; up to 1 the two
 * are mixed, and nothing is cut.
 */
export function contrastOf(own: Float32Array, base: Float32Array, alpha: number): Float32Array {
  const shift = logSumExp(own) - logSumExp(base);
  const share = alpha - 1;
  const most = share > 0 ? mostDifference : Number.POSITIVE_INFINITY;
  const added = new Float32Array(own.length);
  if (share === 0) return added;
  for (let i = 0; i < own.length; i++) {
    const difference = own[i]! - base[i]! - shift;
    added[i] = share * Math.max(-most, Math.min(most, difference));
  }
  return added;
}
