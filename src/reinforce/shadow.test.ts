import { describe, expect, it } from 'vitest';
import { isShadow } from '../corpus/splits/split.ts';
import { someItem } from './choice-item.test.support.ts';
import { lookedAt, shadowed } from './shadow.ts';

const items = Array.from({ length: 200 }, (_, i) =>
  someItem(`item ${i}`, [i], [3], { pageKey: `play 1.${i % 20}` }),
);

describe('shadowed', () => {
  it('never lets be learned what the benchmark asks as shadow, about a fifth', () => {
    const { learned, shadow } = shadowed(items);
    expect(learned.length + shadow.length).toBe(items.length);
    expect(shadow.every(({ id }) => isShadow(id))).toBe(true);
    expect(learned.some(({ id }) => isShadow(id))).toBe(false);
    expect(shadow.length / items.length).toBeGreaterThan(0.1);
    expect(shadow.length / items.length).toBeLessThan(0.3);
  });
});

describe('lookedAt', () => {
  const { shadow } = shadowed(items);

  it('asks all the shadow items over a few pages, the same for a seed in whatever order they come', () => {
    const asked = lookedAt(shadow, { lookPages: 4, seed: 1 });
    const keys = new Set(asked.map(({ pageKey }) => pageKey));
    expect(keys.size).toBe(4);
    expect(asked).toEqual(shadow.filter(({ pageKey }) => keys.has(pageKey)));
    const ids = (given: typeof shadow, seed: number) =>
      lookedAt(given, { lookPages: 4, seed })
        .map(({ id }) => id)
        .sort();
    expect(ids([...shadow].reverse(), 1)).toEqual(ids(shadow, 1));
    expect(ids(shadow, 2)).not.toEqual(ids(shadow, 1));
  });

  it('asks all of them where there are fewer pages', () => {
    expect(lookedAt(shadow, { lookPages: 99, seed: 1 })).toEqual(shadow);
  });
});
