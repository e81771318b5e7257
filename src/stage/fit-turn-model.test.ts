import { describe, expect, it } from 'vitest';
import { prng } from '../measure/statistics/prng.ts';
import { softmax } from '../measure/statistics/softmax.ts';
import { type ChoiceRow, fitTurnModel } from './fit-turn-model.ts';
import { indexAt } from './policies/draw.ts';

/** Choices that somebody makes who has these weights. */
function choicesBy(weights: readonly number[], count: number): ChoiceRow[] {
  const random = prng(3);
  return Array.from({ length: count }, () => {
    const features = Array.from({ length: 2 + Math.floor(random() * 4) }, () =>
      weights.map(() => random() * 2 - 1),
    );
    const odds = softmax(
      features.map((row) => row.reduce((sum, x, i) => sum + x * weights[i]!, 0)),
    );
    return { features, chosen: indexAt(random(), odds) };
  });
}

/** What is to be as large as can be: the log-likelihood less the ridge. */
function likelihood(rows: readonly ChoiceRow[], weights: readonly number[]): number {
  const square = weights.reduce((sum, weight) => sum + weight ** 2, 0);
  return rows.reduce((sum, { features, chosen }) => {
    const scores = features.map((row) => row.reduce((s, x, i) => s + x * weights[i]!, 0));
    return sum + Math.log(softmax(scores)[chosen]!);
  }, -0.05 * square);
}

describe('fitTurnModel', () => {
  const rows = choicesBy([1.5, -2, 0.5], 4000);
  const fitted = fitTurnModel(rows);

  it('finds the weights that choices were made with', () => {
    for (const [i, weight] of [1.5, -2, 0.5].entries())
      expect(Math.abs(fitted[i]! - weight)).toBeLessThan(0.15);
  });

  it('stands where no small step makes the choices likelier', () => {
    const best = likelihood(rows, fitted);
    for (const i of fitted.keys())
      for (const step of [0.01, -0.01])
        expect(likelihood(rows, fitted.with(i, fitted[i]! + step))).toBeLessThan(best);
  });

  it('keeps a weight at nought that no choice says anything about', () => {
    const blind = rows.map(({ features, chosen }) => ({
      features: features.map(([one]) => [one!, 1, 0]),
      chosen,
    }));
    const [, even, nought] = fitTurnModel(blind);
    expect(Math.abs(even!)).toBeLessThan(1e-9);
    expect(nought).toBe(0);
  });
});
