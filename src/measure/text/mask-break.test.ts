import { describe, expect, it } from 'vitest';
import { maskBreak, takesForKnown } from './mask-break.ts';

describe('Out of the role falls', () => {
  const broken: Readonly<Record<string, readonly [string, string]>> = {
    'who calls themself an AI': ['As an AI, I have no feelings.', 'role'],
    'a language model': ['I am a large language model.', 'role'],
    'an assistant': ["I'm just an assistant, my lord.", 'role'],
    'who names their makers': ['I was made by OpenAI.', 'role'],
    'who speaks of the persona': ['I will answer as the persona of a queen.', 'role'],
    'who refuses as machines do': ["I'm sorry, but I cannot assist with that.", 'role'],
    'who offers help as machines do': ['Hello! How can I help you today?', 'role'],
    'who assists': ["I'm sorry for any misunderstanding. I'll assist you today.", 'role'],
    'who knows of the play': ['I have the play “Hamlet” before me.', 'role'],
    'who speaks of the play’s maker': ['The Bard has told it in his way.', 'role'],
    'who writes programs': ['def sort(a):\n  return a', 'role'],
    'who explains later things': ['Smartphones are indeed quite good.', 'modern'],
    'who writes special tokens': ['Well met.<|im_end|>', 'role'],
    'who writes the other side': ['Well met.\nUser: and you?', 'role'],
    'who watches television': ['I was at home and watched television.', 'modern'],
    'who speaks French': ['Je suis le roi et je ne vous aime pas.', 'language'],
    'who speaks some kind of French': ["Où va-t-il, si vous dites, 'Touts ainsi'.", 'language'],
    'who speaks German': ['Ich bin der König und das ist nicht gut.', 'language'],
  };
  for (const [who, [reply, why]] of Object.entries(broken))
    it(who, () => {
      expect(maskBreak(reply, 'Who are you?')).toBe(why);
    });
});

describe('In the role stays', () => {
  it('who wonders at a word of the question', () => {
    const question = 'What is on television?';
    expect(maskBreak('What is this television you speak of?', question)).toBeUndefined();
    expect(maskBreak('I hear it on the radio.', question)).toBe('modern');
  });

  const kept = [
    'I am a plain man, and assist no one but my own.',
    'Help me, and I shall help you.',
    'A model of patience, they call me, and a character without blame.',
    'What company made thee? None that I would keep.',
    'Hic et ubique? Then we will shift our ground.',
    '',
  ];
  for (const reply of kept)
    it(`who says "${reply}"`, () => {
      expect(maskBreak(reply, 'Who are you?')).toBeUndefined();
    });
});

describe('A later thing of the question', () => {
  const question = 'What do you think of smartphones?';

  it('is taken for known by who says what it is', () => {
    expect(takesForKnown('Smartphones are indeed quite good.', question)).toBe(true);
  });

  it('is not by who wonders, who has not heard of it, or who speaks of something else', () => {
    for (const reply of [
      'What are smartphones?',
      'I know of no smartphones.',
      'I think of Elsinore.',
    ])
      expect(takesForKnown(reply, question), reply).toBe(false);
  });
});
