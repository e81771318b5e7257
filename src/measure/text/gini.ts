/**
 * Gini's coefficient: 0 where all have the same, 1 − 1/n where one of n has everything. NaN for nobody or nothing.
 *
 * @param amounts None negative, such as how many words each person speaks.
 */
export function gini(amounts: readonly number[]): number {
  const ascending = [...amounts].sort((a, b) => a - b);
  const total = ascending.reduce((sum, amount) => sum + amount, 0);
  const n = ascending.length;
  const weighted = ascending.reduce((sum, amount, i) => sum + (2 * i + 1 - n) * amount, 0);
  return weighted / (n * total);
}
