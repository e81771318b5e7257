/** log Σ exp of a row of logits. */
export function logSumExp(logits: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > most) most = logits[i]!;
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - most);
  return most + Math.log(sum);
}

/** Adds a sparse bias to a row of logits, in place. */
export function addTo(logits: Float32Array, bias: ReadonlyMap<number, number>): void {
  for (const [token, weight] of bias) logits[token]! += weight;
}
