import { describe, expect, it } from 'vitest';
import { ended } from '../native.ts';
import { ReplyText, type ReplyTextOptions } from './reply-text.ts';

/** The text of a reply of these pieces, why it ended, and how many of them it took. */
function replyOf(pieces: readonly string[], options: Partial<ReplyTextOptions> = {}) {
  const piece = (token: number): Uint8Array => new TextEncoder().encode(pieces[token]);
  const reply = new ReplyText({ piece, maxTokens: 99, stop: [], ...options });
  let text = '';
  let taken = 0;
  for (const token of [...pieces.keys(), ended]) {
    if (reply.stop !== undefined) break;
    taken++;
    for (const found of reply.take(token)) text += found.text;
  }
  return { text, stop: reply.stop, taken };
}

const pieces = ['The', ' tide', '.', ' It', ' turns', '.', ' Ay', '!', '”', ' And', ' on'];

describe('A reply’s text', () => {
  it('ends where a sentence does once it is long enough, and not before', () => {
    expect(replyOf(pieces)).toEqual({ text: pieces.join(''), stop: 'end', taken: 12 });
    for (const [softEnd, text] of [
      [0, 'The tide.'],
      [3, 'The tide.'],
      [4, 'The tide. It turns.'],
      [7, 'The tide. It turns. Ay!”'],
    ] as const)
      expect(replyOf(pieces, { softEnd })).toMatchObject({ text, stop: 'sentence' });
  });

  it('does not end at a title, an initial or a mark inside a word', () => {
    const titled = ['Mr', '.', ' Cross', ' and', ' J', '.', ' Bell', ' at', ' 3', '.', '30', '.'];
    expect(replyOf(titled, { softEnd: 0 })).toMatchObject({ text: titled.join(''), stop: 'end' });
  });

  it('is cut at its limit where no sentence ends before it', () => {
    expect(replyOf(['a', ' b', ' c'], { softEnd: 1, maxTokens: 2 })).toEqual({
      text: 'a b',
      stop: 'length',
      taken: 2,
    });
  });

  it('releases at its soft end what may have been the beginning of a stop', () => {
    const options = { softEnd: 0, stop: ['.”\nBRUNO:'] };
    expect(replyOf(['Ay', '.', '”', '\n', 'Nay'], options)).toMatchObject({ text: 'Ay.”' });
  });
});
