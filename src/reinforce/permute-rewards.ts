import type { ChoiceItem } from './choice-item.ts';
import { inDrawnOrder } from './drawn-order.ts';

/**
 * The items with their rewards dealt anew among those of their task that have as many answers: nothing is to be learned
 * from them, and whoever learns something all the same has a fault.
 */
export function permuteRewards(items: readonly ChoiceItem[], seed: number): ChoiceItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  const dealt = new Map<string, ChoiceItem[]>();
  for (const id of inDrawnOrder([...byId.keys()], seed, 'permuted')) {
    const item = byId.get(id)!;
    const pile = dealt.get(pileOf(item));
    if (pile) pile.push(item);
    else dealt.set(pileOf(item), [item]);
  }
  return items.map((item) => ({
    ...item,
    rewards: dealt.get(pileOf(item))!.pop()!.rewards,
  }));
}

const pileOf = ({ task, answers }: ChoiceItem): string => `${task} ${answers.length}`;
