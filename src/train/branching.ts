import type { Branch, Sequence } from './batches.ts';

/**
 * Texts that begin alike as one sequence, so that what the first has in common with each of the others is read once.
 *
 * The last token that two texts share is read twice: it predicts two tokens, and a position predicts one. Each text has
 * the weights that it came with, but nothing is learned from what is shared beyond the first text.
 *
 * @param texts The first is whole, the others are branches of it; each has a weight only where it goes its own way, or
 *   the branch begins before its first one.
 */
export function branching(id: string, texts: readonly Sequence[]): Sequence {
  const [trunk] = texts;
  if (!trunk) throw new RangeError(`${id} has no texts; one at least is wanted`);
  const tokens = [...trunk.tokens];
  const weights = [...trunk.weights];
  const branches: Branch[] = [];
  for (const text of texts.slice(1)) {
    const shared = sharedTokens(trunk, text);
    branches.push({ begin: tokens.length, shared });
    const rest = text.weights.slice(shared);
    rest[0] = 0;
    for (const token of text.tokens.subarray(shared)) tokens.push(token);
    for (const weight of rest) weights.push(weight);
  }
  return { id, tokens: Int32Array.from(tokens), weights: Float32Array.from(weights), branches };
}

/** Tokens of a branch that are not read again: those before the last one that it has in common with the trunk. */
export function sharedTokens(trunk: Sequence, branch: Sequence): number {
  const most = Math.min(trunk.tokens.length, branch.tokens.length);
  const learnt = branch.weights.findIndex((weight) => weight !== 0);
  const end = learnt < 0 ? most : Math.min(most, learnt);
  let common = 0;
  while (common < end && trunk.tokens[common] === branch.tokens[common]) common++;
  return Math.max(0, common - 1);
}
