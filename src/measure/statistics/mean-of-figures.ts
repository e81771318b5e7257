/** A figure with the ends of its 95 % interval. */
interface WithInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of figures that are independent of each other, with its 95 % interval recovered from theirs: over what they were
 * sampled from, such as scenes, and not over other figures that there might have been. A figure of no width adds none.
 *
 * @returns NaN for the ends where one of the figures has none; NaN throughout for no figure.
 * @see Zou and Donner, "Construction of confidence limits about effect measures", 2008: variance estimates recovery.
 */
export function meanOfFigures(figures: readonly WithInterval[]): WithInterval {
  const mean = (of: (figure: WithInterval) => number): number =>
    figures.reduce((sum, figure) => sum + of(figure), 0) / figures.length;
  const value = mean((figure) => figure.value);
  const reach = (of: (figure: WithInterval) => number): number =>
    Math.sqrt(mean((figure) => (of(figure) - figure.value) ** 2) / figures.length);
  return { value, low: value - reach(({ low }) => low), high: value + reach(({ high }) => high) };
}
