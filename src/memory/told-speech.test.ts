import { describe, expect, it } from 'vitest';
import type { Passage } from './passage.ts';
import { toldSpeech } from './told-speech.ts';

const said = (speaker: string, text: string): Passage => ({
  place: '1.1.1',
  end: { act: 1, scene: 1, line: 1 },
  speaker,
  text,
  present: ['JONA', 'PELL'],
  witnesses: new Set(['JONA', 'PELL']),
});
const tell = (
  passage: Passage,
  more: { question?: string; reply?: Passage; calls?: object } = {},
) =>
  toldSpeech({
    passage,
    reply: more.reply,
    question: more.question ?? 'What?',
    telling: { character: 'JONA', calls: more.calls ? () => more.calls as never : undefined },
  });

describe('a speech as a fact', () => {
  it('is told as it was said by who said it, without idle sentences before and after', () => {
    const speech = said(
      'JONA',
      'Good morrow, Pell. I mended the weir with\nclay before the flood. Farewell!',
    );
    expect(tell(speech)).toBe('I mended the weir with clay before the flood.');
  });

  it('is told with who said it by others, by what they call them', () => {
    const speech = said('PELL', 'The "otter" took nine trout from the weir.');
    expect(tell(speech)).toBe('Pell said: “The ’otter’ took nine trout from the weir.”');
    expect(tell(speech, { calls: { call: 'my brother', withName: true } })).toBe(
      'My brother Pell said: “The ’otter’ took nine trout from the weir.”',
    );
  });

  it('has the reply to a question', () => {
    const question = said('JONA', 'Who broke the weir last night?');
    expect(tell(question)).toBe('I asked: “Who broke the weir last night?”');
    expect(tell(question, { reply: said('PELL', 'The warden, with a boathook.') })).toBe(
      'I asked: “Who broke the weir last night?” Pell said: “The warden, with a boathook.”',
    );
  });

  it('has the sentences of a long speech that the question is about', () => {
    const long = said(
      'JONA',
      'I was born above the mill, the third of seven, in a winter when the river froze from bank to bank. My father drowned a week before, and my mother sold his nets. The warden gave me a boat when I was nine.',
    );
    const told = tell(long, { question: 'Who gave you a boat?' });
    expect(told).toContain('The warden gave me a boat when I was nine.');
    expect(told).not.toContain('I was born');
  });
});
