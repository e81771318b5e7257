import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from './words.ts';

describe('words', () => {
  it('keeps inner apostrophes and hyphens, straight, in small letters', () => {
    expect(words("O’er the good-night, ’tis Marta's lamp--and th' oil.")).toEqual([
      "o'er",
      'the',
      'good-night',
      'tis',
      "marta's",
      'lamp',
      'and',
      'th',
      'oil',
    ]);
  });

  it('counts the words of joined lines as those of the lines', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(words(lines.join('\n'))).toEqual(lines.flatMap(words));
      }),
    );
  });
});
