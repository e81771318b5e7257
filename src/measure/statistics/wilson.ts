/**
 * Wilson's interval for a share: it stays between 0 and 1, and is not a point where all agree.
 *
 * @param n       Items, or how many they are worth; need not be whole.
 * @param quantile Of the distribution that the share is taken to come from, such as 1.96.
 * @see Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function wilson(share: number, n: number, quantile: number): [low: number, high: number] {
  const pull = quantile ** 2 / n;
  const centre = (share + pull / 2) / (1 + pull);
  const reach = (Math.sqrt((share * (1 - share)) / n + pull / (4 * n)) * quantile) / (1 + pull);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}
