/**
 * Two-sided chance of so uneven a count if either sign were as likely: the exact binomial test. Ties are left out by the
 * caller; 1 where nothing is counted.
 */
export function signTest(better: number, worse: number): number {
  const n = better + worse;
  let term = 0.5 ** n;
  let tail = 0;
  for (let k = 0; k <= Math.min(better, worse); k++) {
    tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}
