import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressForms } from '../../play/pronouns.ts';
import { distinctShare } from './diversity.ts';
import { gini } from './gini.ts';
import { properNames } from './names.ts';

describe('Gini’s coefficient', () => {
  it('is the mean difference of all pairs over twice the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 12 }), (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + amount, 0);
        fc.pre(total > 0);
        const pairs = amounts.flatMap((a) => amounts.map((b) => Math.abs(a - b)));
        const slow = pairs.reduce((sum, d) => sum + d, 0) / (2 * amounts.length * total);
        expect(gini(amounts)).toBeCloseTo(slow, 10);
      }),
    );
  });

  it('is 0 for equals, near 1 for one who has all, and cannot be told of nothing', () => {
    expect(gini([3, 3, 3])).toBe(0);
    expect(gini([0, 0, 0, 12])).toBe(0.75);
    expect(gini([0, 0])).toBeNaN();
    expect(gini([])).toBeNaN();
  });
});

describe('The share of different items', () => {
  it('is 1 where none comes twice, and falls where they do', () => {
    expect(distinctShare([['a', 'b'], ['c']], 3)).toBe(1);
    expect(
      distinctShare(
        [
          ['a', 'b'],
          ['a', 'b'],
        ],
        4,
      ),
    ).toBe(0.5);
  });

  it('looks at the first items only, and says nothing of fewer', () => {
    expect(distinctShare(['a b c d a b a b'.split(' ')], 4)).toBe(1);
    expect(distinctShare(['a b c'.split(' ')], 4)).toBeNaN();
  });
});

describe('Forms of address', () => {
  it('are counted in all their cases', () => {
    expect(addressForms("thou thy thee thine thou'rt thyself".split(' '))).toEqual({
      thou: 6,
      you: 0,
    });
    expect(addressForms("you ye your yours you'll yourself there".split(' '))).toEqual({
      thou: 0,
      you: 6,
    });
  });
});

describe('Proper names', () => {
  it('are what has a capital inside a sentence', () => {
    const lines = [
      'The lamp of Marta burns, and I am here.',
      'Where is Marta now, O where?',
      'Go to the Quay. Then to the quay again, the quay.',
    ];
    expect([...properNames(lines)]).toEqual(['marta']);
  });
});
