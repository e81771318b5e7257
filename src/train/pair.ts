import type { Branch, Sequence } from './batches.ts';
import { branching } from './branching.ts';

/**
 * A text with two ways to go on: its tokens up to its one branch end in what is preferred, whose weights are above 0; the
 * branch is what is not, whose weights are below.
 */
export interface Pair extends Sequence {
  readonly branches: readonly [Branch];
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
  const { branches, ...whole } = branching(rejected.id, [preferred, rejected]);
  return { ...whole, branches: [branches![0]!] };
}

export const isPair = (sequence: Sequence): sequence is Pair => sequence.branches?.length === 1;
