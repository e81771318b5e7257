import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printable } from './terminal-text.ts';

describe('printable', () => {
  it('writes out what would move a cursor, ring a bell or turn the writing', () => {
    expect(printable('\x1b[31mred\x07')).toBe('\\x1b[31mred\\x07');
    expect(printable('back\b\r')).toBe('back\\x08\\x0d');
    expect(printable('\u009b2J')).toBe('\\x9b2J');
    expect(printable('\u202eevil')).toBe('\\u202eevil');
  });

  it('leaves words, lines, tabs and every script as they are', () => {
    const text = 'Nay,\n\tanswer me — “ô” ☂ שלום 你好';
    expect(printable(text)).toBe(text);
  });

  it('lets no control character through, and works on any piece of a stream', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { maxLength: 6 }),
        (parts) => {
          const whole = printable(parts.join(''));
          const codes = [...whole].map((character) => character.codePointAt(0)!);
          const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);
          expect(codes.filter(isControl).filter((code) => code !== 9 && code !== 10)).toEqual([]);
          expect(parts.map(printable).join('')).toBe(whole);
        },
      ),
    );
  });
});
