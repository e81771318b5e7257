import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { literalPattern } from './literal.ts';

describe('literalPattern', () => {
  it('matches the text itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(new RegExp(`^${literalPattern(text)}$`).test(text)).toBe(true);
      }),
    );
  });

  it('matches nothing that its signs would match in an expression', () => {
    const nothing = ['1. Clown', 'a*b', '(aside)', '[all]', 'who?', 'a|b', 'x^2', '$1', '\\w+'];
    for (const text of nothing) {
      const pattern = new RegExp(`^${literalPattern(text)}$`);
      expect(pattern.test('1x Clown') || pattern.test('b') || pattern.test('aside')).toBe(false);
      expect(pattern.test(text)).toBe(true);
    }
  });
});
