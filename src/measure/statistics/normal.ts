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
