import type { Sequence } from './batches.ts';

/**
 * A text with two ways to go on: its tokens up to `branch` end in what is preferred, whose weights are above 0; from there
 * on stands what is not, whose weights are below, read as if it came after the first `shared` tokens.
 */
export interface Pair extends Sequence {
  readonly shared: number;
  readonly branch: number;
}

/**
 * Two texts that begin alike as one, so that what they share is read once.
 *
 * @param preferred With weights above 0 in what it does not share.
 * @param rejected With weights below 0 there.
 * @returns Undefined if they differ from the first token on, or not at all, or nothing is preferred or rejected.
 */
export function pairOf(preferred: Sequence, rejected: Sequence): Pair | undefined {
  const common = preferred.tokens.findIndex((token, i) => token !== rejected.tokens[i]);
  const learnt = preferred.weights.findIndex((weight) => weight !== 0);
  const isFork = common > 0 && learnt > 0 && rejected.weights.some((weight) => weight < 0);
  if (!isFork) return undefined;
  // The last token that both have is read twice: it predicts two tokens, and a position predicts one.
  const shared = Math.min(common, learnt) - 1;
  const rest = rejected.weights.slice(shared);
  rest[0] = 0;
  return {
    id: rejected.id,
    tokens: Int32Array.of(...preferred.tokens, ...rejected.tokens.subarray(shared)),
    weights: Float32Array.of(...preferred.weights, ...rest),
    shared,
    branch: preferred.tokens.length,
  };
}

export const isPair = (sequence: Sequence): sequence is Pair => sequence.branch !== undefined;
