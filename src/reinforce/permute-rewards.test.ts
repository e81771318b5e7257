import { describe, expect, it } from 'vitest';
import { someItem } from './choice-item.test.support.ts';
import { permuteRewards } from './permute-rewards.ts';

const items = Array.from({ length: 60 }, (_, i) =>
  someItem(String(i), [i], [3], { rewards: i % 3 === 0 ? [1, 0] : [0, 1] }),
);

describe('permuteRewards', () => {
  it('deals the same rewards anew, and touches nothing else', () => {
    const dealt = permuteRewards(items, 1);
    const right = (all: typeof items) => all.filter(({ rewards }) => rewards[0] === 1).length;
    expect(right(dealt)).toBe(right(items));
    expect(dealt.map(({ rewards: _, ...rest }) => rest)).toEqual(
      items.map(({ rewards: _, ...rest }) => rest),
    );
    const kept = dealt.filter(({ rewards }, i) => rewards[0] === items[i]!.rewards[0]).length;
    expect(kept).toBeLessThan(items.length);
    expect(permuteRewards(items, 1)).toEqual(dealt);
    expect(permuteRewards(items, 2)).not.toEqual(dealt);
  });

  it('keeps to items of as many answers', () => {
    const three = someItem('three', [1], [3], { answers: [[1], [2], [4]], rewards: [0, 0, 1] });
    const dealt = permuteRewards([...items, three], 1);
    expect(dealt.at(-1)).toEqual(three);
  });
});
