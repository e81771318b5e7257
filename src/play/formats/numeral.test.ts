import { describe, expect, it } from 'vitest';
import { numeral } from './numeral.ts';

describe('numeral', () => {
  it.each([
    ['IV', 4],
    ['xlii.', 42],
    ['7', 7],
    ['2nd', 2],
    ['Third', 3],
    ['Quarta', 4],
    ['Primus.', 1],
    ['three', 3],
  ])('reads %s as %i', (text, value) => {
    expect(numeral(text)).toBe(value);
  });

  it('reads every Roman numeral up to 89 that is written as it should be', () => {
    const tens = ['', 'X', 'XX', 'XXX', 'XL', 'L', 'LX', 'LXX', 'LXXX'];
    const ones = ['', 'I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX'];
    for (let n = 1; n < 90; n++)
      expect(numeral(tens[Math.floor(n / 10)]! + ones[n % 10]!), String(n)).toBe(n);
  });

  it.each(['', 'mill', 'lamp', 'IIX', 'second-hand', '0'])('takes "%s" for no numeral', (text) => {
    expect(numeral(text)).toBeUndefined();
  });
});
