import { describe, expect, it } from 'vitest';
import { addBiases, scaleBias } from './push.ts';

const never = Number.NEGATIVE_INFINITY;

describe('A sparse bias', () => {
  it('is the sum of several, token by token', () => {
    const sum = addBiases([
      new Map([[1, 0.5]]),
      new Map(),
      new Map([
        [1, 1],
        [2, never],
      ]),
    ]);
    expect([...sum]).toEqual([
      [1, 1.5],
      [2, never],
    ]);
    expect(addBiases([]).size).toBe(0);
  });

  it('times λ pushes as much more, and what it forbids stays forbidden even at 0', () => {
    const bias = new Map([
      [1, 0.5],
      [2, never],
    ]);
    expect([...scaleBias(bias, 2)]).toEqual([
      [1, 1],
      [2, never],
    ]);
    expect([...scaleBias(bias, 0)]).toEqual([[2, never]]);
    expect(scaleBias(bias, 1)).toBe(bias);
  });
});
