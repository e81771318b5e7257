import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PieceTokenizer } from '../../testing/models/piece-model.ts';
import { WordBias } from './word-bias.ts';

const pieces = ['As', ' an', ' AI', ' h', 'ath', ' thou', 'Thou', 'thou', ' language', ' model'];

describe('WordBias', () => {
  it('pushes a word of one token all the time, with the space before it', () => {
    const tokenizer = new PieceTokenizer(pieces);
    const bias = new WordBias(tokenizer, [{ weight: 1.5, words: ['thou'] }]);
    expect(bias.always.get(tokenizer.id(' thou'))).toBe(1.5);
    expect(bias.always.has(tokenizer.id('thou'))).toBe(false);
  });

  it('pushes a word without a space only where a word can begin', () => {
    const tokenizer = new PieceTokenizer(pieces);
    const bias = new WordBias(tokenizer, [{ weight: 1.5, words: ['thou'] }]);
    const isPushed = (text: string): boolean => bias.after(text).has(tokenizer.id('thou'));
    expect(['', 'Nay,\n', 'He said: "', 'gone—'].map(isPushed)).toEqual([true, true, true, true]);
    expect(['al', "'", '7', '.'].map(isPushed)).toEqual([false, false, false, false]);
  });

  it('completes a phrase it pushes away, and leaves its common first words alone', () => {
    const tokenizer = new PieceTokenizer(pieces);
    const bias = new WordBias(tokenizer, [{ weight: -9, words: ['as an AI'] }]);
    for (const text of ['', ' As', 'As', 'an', 'whereas an'])
      expect(bias.after(text).has(tokenizer.id(' AI'))).toBe(false);
    for (const text of ['As an', 'Nay. As an', '"As an', 'I say as an'])
      expect(bias.after(text).get(tokenizer.id(' AI'))).toBe(-9);
    expect(bias.always.size).toBe(0);
  });

  it('completes a word of several tokens', () => {
    const tokenizer = new PieceTokenizer(pieces);
    const bias = new WordBias(tokenizer, [{ weight: 1, words: ['hath'] }]);
    expect(bias.after('the king h').get(tokenizer.id('ath'))).toBe(1);
    expect(bias.after('the kingh').has(tokenizer.id('ath'))).toBe(false);
    expect(bias.after('the king').size).toBe(0);
  });

  it('pushes exactly the tokens that complete a listed spelling, whatever the text', () => {
    const words = ['thou', 'as an AI', 'hath', 'language model'];
    const spelled = words.flatMap((word) => [word, word[0]!.toUpperCase() + word.slice(1)]);
    const part = fc.constantFrom(' ', '.', '\n', 'x', ...pieces);
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const tokenizer = new PieceTokenizer(pieces);
        const bias = new WordBias(tokenizer, [{ weight: 1, words }]);
        const text = parts.join('');
        const pushed = new Set([...bias.always.keys(), ...bias.after(text).keys()]);
        const expected = spelled.flatMap((word) =>
          [` ${word}`, word].flatMap((spelling) => {
            const tokens = tokenizer.tokenize(spelling);
            const head = tokenizer.detokenize(tokens.slice(0, -1));
            const before = text.slice(0, text.length - head.length);
            const begins = spelling.startsWith(' ') || /(^|[\s"“‘([—-])$/.test(before);
            return text.endsWith(head) && begins ? [tokens.at(-1)!] : [];
          }),
        );
        expect(pushed).toEqual(new Set(expected));
      }),
    );
  });
});
