import type { Recipe } from './recipe.ts';

/**
 * AdamW's rate at a step: up in a straight line, then down along half a cosine to nothing.
 *
 * @param step Counted from 1.
 * @see Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without the restarts.
 */
export function rateAt(
  step: number,
  steps: number,
  { rate, warmUp }: Pick<Recipe, 'rate' | 'warmUp'>,
): number {
  const rising = Math.ceil(steps * warmUp);
  if (step <= rising) return (rate * step) / rising;
  const done = (step - rising) / Math.max(1, steps - rising);
  return (rate * (1 + Math.cos(Math.PI * Math.min(1, done)))) / 2;
}
