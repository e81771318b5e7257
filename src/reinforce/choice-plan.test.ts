import { describe, expect, it } from 'vitest';
import { someItem } from './choice-item.test.support.ts';
import { choicePlan } from './choice-plan.ts';
import { choiceDefaults } from './choice-recipe.ts';
import { pagesOf } from './page.ts';

const items = Array.from({ length: 6 }, (_, i) =>
  someItem(String(i), [10 + i], [3], { pageKey: String(i) }),
);
const pages = pagesOf(items, 8);
const plan = (more: Partial<typeof choiceDefaults> = {}) =>
  choicePlan(pages, { ...choiceDefaults, batchTokens: 8, steps: 20, looksEvery: 8, ...more });

describe('choicePlan', () => {
  it('goes through all pages, then again in another order, for as many steps as are asked for', () => {
    const all = plan();
    expect(all).toHaveLength(20);
    const order = (epoch: number) =>
      all
        .filter((step) => step.epoch === epoch)
        .flatMap(({ sequences }) => sequences.map(({ id }) => id));
    expect(new Set(order(0)).size).toBe(6);
    expect([...order(1)].sort()).toEqual([...order(0)].sort());
    expect(order(1)).not.toEqual(order(0));
  });

  it('follows from the seed and the step alone: a longer run begins as a shorter one', () => {
    const ids = (more?: Parameters<typeof plan>[0]) =>
      plan(more).map(({ sequences }) => sequences.map(({ id }) => id).join());
    expect(ids({ steps: 9 })).toEqual(ids().slice(0, 9));
    expect(ids({ seed: 2 })).not.toEqual(ids());
  });

  it('looks every so many steps, and after the last', () => {
    const looks = plan().flatMap(({ isEvaluated }, i) => (isEvaluated ? [i + 1] : []));
    expect(looks).toEqual([8, 16, 20]);
  });

  it('raises the rate in the warm-up and leaves it there', () => {
    const rates = plan({ rate: 1, warmUpSteps: 4 }).map(({ rate }) => rate);
    expect(rates.slice(0, 6)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    expect(rates.at(-1)).toBe(1);
    expect(plan({ rate: 1, warmUpSteps: 0 })[0]!.rate).toBe(1);
  });
});
