/** Quantile of the standard normal distribution that leaves 5 % outside, half on either side. */
export const normal95 = 1.959963984540054;

/**
 * The share of the standard normal distribution below `z`, to 15 decimal places.
 *
 * @see Marsaglia, "Evaluating the normal distribution", 2004.
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0;
  let sum = z;
  let term = z;
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/**
 * The value that a share `p` of the standard normal distribution lies below, to 12 decimal places, by halving.
 *
 * @returns ±Infinity for 0 and 1, NaN for NaN.
 */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1))
    return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Infinity : Number.NaN;
  let [low, high] = [-9, 9];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
