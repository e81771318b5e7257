import { describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../engine/grammar-syntax.ts';
import { wholeSentences } from './whole-sentences.ts';

const isSaid = (text: string): boolean => weighText(byteGrammar(wholeSentences), text) === 0;

describe('Whole sentences', () => {
  it.each([
    'The oil is low, and the wick burns crooked.',
    'He said: “Trim it,” and went; so did I.',
    'Why, what’s o’clock?\nNine, I think.',
    'He said, "Trim it," and went.',
    'I saw -- nothing',
    'At 9:30, (or 10), we sail',
    '',
  ])('end anywhere else: %j', (text) => expect(isSaid(text)).toBe(true));

  it.each([
    'The oil is low,',
    'The oil is low, ',
    'He said: “Trim it,”',
    'Hear me:\n\n',
    'And now,\nthe lamp.',
    'Well;\r\n',
    'Well,,',
  ])('do not end after a comma, and no line does: %j', (text) => expect(isSaid(text)).toBe(false));
});
