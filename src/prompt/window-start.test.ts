import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowStart } from './window-start.ts';

const turnsOf = (lengths: readonly number[]) => lengths.map((words) => ({ words }));

describe('windowStart', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 60 });

  it('is the start of the scene while that has 1,000 words at most', () => {
    expect(windowStart(turnsOf([400, 400, 200, 1]), 3)).toBe(0);
    expect(windowStart(turnsOf([400, 400, 201, 1]), 3)).toBe(2);
  });

  it('keeps about 300 words when it moves, and never more than 1,000 in all', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const turns = turnsOf(all);
        for (let at = 1; at <= turns.length; at++) {
          const held = turns.slice(windowStart(turns, at), at);
          const count = held.reduce((sum, turn) => sum + turn.words, 0);
          expect(count).toBeLessThanOrEqual(1000);
          const moved = windowStart(turns, at) !== windowStart(turns, at - 1);
          if (moved && held.length > 1) expect(count).toBeLessThanOrEqual(300);
        }
      }),
    );
  });

  it('moves by the limits it is given', () => {
    const turns = turnsOf([40, 40, 20, 10, 10]);
    const limits = { mostWords: 100, keptWords: 30 };
    expect([3, 4, 5].map((at) => windowStart(turns, at, limits))).toEqual([0, 2, 2]);
  });
});
