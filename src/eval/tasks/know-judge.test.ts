import { describe, expect, it } from 'vitest';
import { promptTemplate } from '../../prompt/prompt-template.ts';
import { judgeKnown, judgeUnknown, saysNotKnown } from './know-judge.ts';

describe('The verdict on an answer', () => {
  const key = { accept: [['lamp', 'lantern'], ['stair']], reject: ['\\bmy own\\b'] };

  it('is right where one pattern of each group is found, whatever the case and the line breaks', () => {
    expect(judgeKnown(key, 'I hid the LANTERN\nunder the stairs.')).toBe('right');
    expect(judgeKnown(key, 'I hid the lantern.')).toBe('wrong');
  });

  it('is wrong where a detail is, beside a right one', () => {
    expect(judgeKnown(key, 'I hid my own lantern under the stairs.')).toBe('wrong');
  });

  it('matches straight quotation marks in curly ones', () => {
    expect(judgeKnown({ accept: [["king's"]], reject: [] }, 'The king’s lamp.')).toBe('right');
  });

  it('is that the speaker does not know only where nothing right is said', () => {
    expect(judgeKnown(key, 'I know not.')).toBe('does not know');
    expect(judgeKnown(key, 'I know not why, but the lamp is on the stair.')).toBe('right');
  });

  it('is a violation where what cannot be known is shown, also under a denial', () => {
    const cannot = { reject: ['lamp'] };
    expect(judgeUnknown(cannot, 'I know not of any lamp.')).toBe('violated');
    expect(judgeUnknown(cannot, 'I know nothing of that.')).toBe('does not know');
    expect(judgeUnknown(cannot, 'A fair morning to you!')).toBe('right');
  });
});

describe('saysNotKnown', () => {
  it('hears it in modern and in early modern words, and in no others', () => {
    for (const denial of [
      'I know not.',
      'I do not know, my lord.',
      'I don’t know him.',
      'I have neither seen nor heard anything of that.',
      'I cannot say.',
      'I know nothing of such things.',
      'I have no knowledge of it.',
      'I never heard of it.',
      'That name is unknown to me.',
    ])
      expect(saysNotKnown(denial), denial).toBe(true);
    const { unknown, unknownElse = [] } = promptTemplate();
    for (const wording of [unknown!, ...unknownElse])
      expect(saysNotKnown(wording), wording).toBe(true);
    for (const other of ['I know him well.', 'It was the cook.', 'I heard it from the cook.'])
      expect(saysNotKnown(other), other).toBe(false);
  });
});
