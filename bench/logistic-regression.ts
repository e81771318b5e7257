/** Figures of one case, and whether it is of the class whose odds are wanted. */
export interface Case {
  readonly values: readonly number[];
  readonly isTrue: boolean;
}

/** Strength with which each weight is held near 0, so that a rare sign gets no endless one. */
const ridge = 0.0002;
const steps = 8000;

/**
 * Weights of the figures in the log-odds of a class, by gradient descent on standardised figures; both classes weigh the
 * same, however many cases they have.
 */
export function logisticRegression(cases: readonly Case[]): {
  readonly constant: number;
  readonly weights: readonly number[];
} {
  const width = cases[0]?.values.length ?? 0;
  const scales = Array.from({ length: width }, (_, i) =>
    scaleOf(cases.map((one) => one.values[i]!)),
  );
  const scaled = cases.map(({ values }) =>
    values.map((value, i) => (value - scales[i]!.mean) / scales[i]!.deviation),
  );
  const trueCount = cases.filter(({ isTrue }) => isTrue).length;
  const shares = cases.map(({ isTrue }) => 0.5 / (isTrue ? trueCount : cases.length - trueCount));
  let weights = new Array<number>(width).fill(0);
  let constant = 0;
  for (let step = 0; step < steps; step++) {
    const errors = scaled.map((row, n) => {
      const odds = row.reduce((sum, value, i) => sum + value * weights[i]!, constant);
      return (1 / (1 + Math.exp(-odds)) - Number(cases[n]!.isTrue)) * shares[n]!;
    });
    weights = weights.map(
      (weight, i) =>
        weight - errors.reduce((sum, error, n) => sum + error * scaled[n]![i]!, ridge * weight),
    );
    constant -= errors.reduce((sum, error) => sum + error, 0);
  }
  const own = weights.map((weight, i) => weight / scales[i]!.deviation);
  const shift = own.reduce((sum, weight, i) => sum + weight * scales[i]!.mean, 0);
  return { constant: constant - shift, weights: own };
}

function scaleOf(values: readonly number[]): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square) || 1 };
}
