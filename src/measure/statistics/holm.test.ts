import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from './holm.ts';

/** Step by step, as Holm says it: reject the smallest while it is small enough for those that are left. */
function rejected(ps: readonly number[], level: number): Set<number> {
  const out = new Set<number>();
  const left = new Set(ps.keys());
  while (left.size > 0) {
    const least = [...left].reduce((a, b) => (ps[b]! < ps[a]! ? b : a));
    if (ps[least]! * left.size > level) break;
    out.add(least);
    left.delete(least);
  }
  return out;
}

describe('holm', () => {
  it('multiplies the smallest by all, the next by one less', () => {
    expect(holm([0.04, 0.01, 0.03])).toEqual([0.06, 0.03, 0.06]);
  });

  it('leaves a single test as it is', () => {
    expect(holm([0.2])).toEqual([0.2]);
  });

  it('rejects what the procedure in steps rejects, at any level', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { maxLength: 20 }), p, (ps, level) => {
        const below = [...holm(ps).entries()].filter(([, q]) => q <= level).map(([i]) => i);
        fc.pre(level < 1);
        expect(new Set(below)).toEqual(rejected(ps, level));
      }),
    );
  });
});
