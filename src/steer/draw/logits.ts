/** e to it, times any vocabulary, is lost beside 1 in single precision. */
const negligible = -30;

/** log Σ exp of a row of logits. */
export function logSumExp(logits: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > most) most = logits[i]!;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  // An exponential is what this costs; those far below the first change nothing.
  for (let i = 0; i < logits.length; i++) {
    const below = logits[i]! - most;
    if (below > negligible) sum += Math.exp(below);
  }
  return most + Math.log(sum);
}

/** Adds a sparse bias to a row of logits, in place. */
export function addTo(logits: Float32Array, bias: ReadonlyMap<number, number>): void {
  for (const [token, weight] of bias) logits[token]! += weight;
}
