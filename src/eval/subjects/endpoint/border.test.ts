import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { borderByPrefix, borderByText } from './border.ts';

describe('borderByText', () => {
  it('finds where the words begin however page and words are cut into tokens', () => {
    const piece = fc.string({ minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(piece), fc.array(piece, { minLength: 1 }), (page, words) => {
        expect(borderByText([...page, ...words], words.join(''))).toBe(page.length);
      }),
    );
  });

  it('counts a token that straddles the border with the words', () => {
    expect(borderByText(['HAMLET', '.', ' To', ' be'], 'To be')).toBe(2);
  });

  it('does not tell where a part of a character is shown as nothing or as a mark', () => {
    expect(borderByText(['A', '.', '', 'é'], 'é')).toBeUndefined();
    expect(borderByText(['A', '.', '\uFFFD', '\uFFFD'], 'é')).toBeUndefined();
    expect(borderByText(['A', '.'], 'much longer than that')).toBeUndefined();
  });
});

describe('borderByPrefix', () => {
  it('is the number of tokens that the page and the whole begin with in common', () => {
    expect(borderByPrefix(['<s>', 'A', '.'], ['<s>', 'A', '.', ' B'])).toBe(3);
    expect(borderByPrefix(['A', '. '], ['A', '.', ' B'])).toBe(1);
  });
});
