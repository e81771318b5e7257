import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, WordWrap, wrap, wrapHanging } from './word-wrap.ts';

const streamed = (pieces: readonly string[], width: number, column: number): string => {
  const wrapping = new WordWrap(width, column);
  return pieces.map((piece) => wrapping.push(piece)).join('') + wrapping.end();
};
const text = fc.array(fc.constantFrom('aye', 'lantern', 'é', ' ', '  ', '\n', '.', '-', 'o’er'), {
  maxLength: 40,
});

describe('word wrap', () => {
  it('breaks between words, after the label that stands in the first line', () => {
    expect(wrap('who keeps the lantern there', 12)).toBe('who keeps\nthe lantern\nthere');
    expect(wrap('who keeps the lantern', 12, 8)).toBe('who\nkeeps the\nlantern');
  });

  it('keeps the line breaks there are, and cuts a word longer than a line', () => {
    expect(wrap('one\n\ntwo', 10)).toBe('one\n\ntwo');
    expect(wrap('a honorificabilitudinitatibus', 10)).toBe('a\nhonorifica\nbilitudini\ntatibus');
  });

  it('goes by the width that the window has at each word', () => {
    let width = 20;
    const wrapping = new WordWrap(() => width);
    const before = wrapping.push('who keeps the lantern ');
    width = 9;
    expect(before + wrapping.push('there when he goes') + wrapping.end()).toBe(
      'who keeps the\nlantern\nthere\nwhen he\ngoes',
    );
  });

  it('lets what goes over hang below the second column, or a little right of an indented line', () => {
    const text = '/who    whom you talk to\n/at     where\n  3.1.2: who keeps it\nplain words here';
    expect(wrapHanging(text, 20).split('\n')).toEqual([
      '/who    whom you',
      '        talk to',
      '/at     where',
      '  3.1.2: who keeps',
      '    it',
      'plain words here',
    ]);
    expect(wrapHanging('a-long-first-column  two', 20)).toBe('a-long-first-column\ntwo');
  });

  it('never makes a hanging line too long', () => {
    const lines = fc.array(fc.constantFrom('aye', '  ', ' ', '\n', 'lantern', 'x'.repeat(30)));
    fc.assert(
      fc.property(lines, fc.integer({ min: 5, max: 40 }), (parts, width) => {
        for (const line of wrapHanging(parts.join(''), width).split('\n'))
          expect(line.trimEnd().length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('fits a text to a terminal, and leaves one for a file as it is', () => {
    const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY, columns: 11 });
    expect(fitted('who keeps the lantern', stream(true))).toBe('who keeps\nthe\nlantern');
    expect(fitted('who keeps the lantern', stream(false))).toBe('who keeps the lantern');
  });

  it('never makes a line too long, whatever comes', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (parts, width) => {
        for (const line of wrap(parts.join(''), width).split('\n'))
          expect([...line].length).toBeLessThanOrEqual(width);
      }),
    );
  });

  it('loses no word and adds none', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), (parts, width) => {
        const solid = (one: string): string => one.replaceAll(/\s/g, '');
        expect(solid(wrap(parts.join(''), width))).toBe(solid(parts.join('')));
      }),
    );
  });

  it('writes the same whether the text comes whole or letter by letter', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 20 }), fc.nat(30), (parts, width, column) => {
        const whole = streamed([parts.join('')], width, column);
        expect(streamed(parts, width, column)).toBe(whole);
        expect(streamed([...parts.join('')], width, column)).toBe(whole);
      }),
    );
  });
});
