import type { LeverCost } from './steering.ts';

/** What each lever cost between two counts. */
export function spentBetween(
  before: readonly LeverCost[],
  after: readonly LeverCost[],
): LeverCost[] {
  return after.flatMap((cost) => {
    const was = before.find(({ lever }) => lever === cost.lever);
    const count = cost.count - (was?.count ?? 0);
    return count > 0 ? [{ ...cost, ms: cost.ms - (was?.ms ?? 0), count }] : [];
  });
}

/** Costs of one lever, added up; none of none. */
export function totalCost(costs: readonly LeverCost[]): LeverCost[] {
  const [first] = costs;
  if (!first) return [];
  const sum = (of: (cost: LeverCost) => number): number =>
    costs.reduce((total, cost) => total + of(cost), 0);
  return [{ ...first, ms: sum(({ ms }) => ms), count: sum(({ count }) => count) }];
}
