import { describe, expect, it } from 'vitest';
import { indexAt } from './draw.ts';

describe('indexAt', () => {
  it('gives each probability its own stretch of the line', () => {
    const at = (drawn: number) => indexAt(drawn, [0.25, 0, 0.5, 0.25]);
    expect([0, 0.2499, 0.25, 0.7499, 0.75, 0.9999].map(at)).toEqual([0, 0, 2, 2, 3, 3]);
  });

  it('takes the last who may be drawn where rounding leaves the line short of 1', () => {
    expect(indexAt(0.999_999, [0.3, 0.699_99, 0])).toBe(1);
  });
});
