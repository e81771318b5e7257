import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { words } from '../play/words.ts';
import { excerpt, quote } from './quote.ts';

describe('quote', () => {
  it('marks with something that the quoted words do not contain', () => {
    const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { maxLength: 3000 });
    fc.assert(
      fc.property(hex, fc.string(), (letters, question) => {
        const { lines, mark } = quote([{ speaker: 'BEN', text: letters.join('') }], question);
        expect(lines[0]!.text).not.toContain(mark);
        expect(question).not.toContain(mark);
      }),
    );
  });

  it('gives each passage one line without quotation marks of its own', () => {
    const { lines } = quote([{ speaker: 'OLD\nBEN', text: '“Hark!”\n[end] "so"' }], 'what?');
    expect(lines).toEqual([{ speaker: 'OLD BEN', text: "'Hark!' [end] 'so'" }]);
  });
});

describe('excerpt', () => {
  const long =
    'The oil is low tonight and the wick burns crooked. Seven ships are upon the bar and the eighth is late. ' +
    'My brother sold the silver bell to a smuggler. The gulls have been quiet since the morning, which I do not like.';

  it('is the whole text if that is short', () => {
    expect(excerpt('The bell is\n gone.', 'Where is the oil?')).toBe('The bell is gone.');
  });

  it('begins where the words of the question are', () => {
    expect(excerpt(long, 'Who sold the bell?')).toContain('My brother sold the silver bell');
  });

  it('is the beginning if no words of the question are in it', () => {
    expect(excerpt(long, 'Dost thou love me?')).toMatch(/^The oil is low/);
  });

  it('is short, and made of the words of the text in their order', () => {
    fc.assert(
      fc.property(fc.lorem({ maxCount: 60 }), fc.string(), (text, question) => {
        const part = excerpt(text, question);
        expect(words(part).length).toBeLessThanOrEqual(22);
        expect(` ${words(text).join(' ')} `).toContain(` ${words(part).join(' ')} `);
      }),
    );
  });
});
