import { describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../engine/grammar-syntax.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { unsaidGrammar } from './unsaid.ts';

const template = promptTemplate();
const visitor = (text: string) => ({ speaker: 'VISITOR', text });
const marta = (text: string) => ({ speaker: 'MARTA', text });

describe('A reply', () => {
  const turns = [
    visitor('Good evening. Where do you keep the lamp oil?'),
    marta('I keep the oil under the stairs. Ay.'),
    visitor('Who put the light out last night?'),
  ];
  const asked = {
    speaker: 'MARTA',
    name: 'Marta',
    turns,
    template,
    language: 'English',
    told: 'An oil lamp.',
  };
  const weigh = (text: string, fact?: string): number | undefined =>
    weighText(byteGrammar(unsaidGrammar({ ...asked, fact })), text);

  it('says nothing of its prompt', () => {
    for (const text of [
      'What I remember:\nthe oil',
      'Your thoughts now: “the oil”',
      'What you say of others: he is old.',
      'Answer the question first, in one or two sentences.',
      'Speak only as Marta.',
      'It is told in the English language.',
      'As Marta, I would wait.',
      'My thoughts now are sad.',
      'My grey horse fell lame.',
      '- Ay.',
    ])
      expect(weigh(text), text).toBeUndefined();
  });

  it('says no sentence twice, and no question back', () => {
    expect(weigh('I keep the oil under the stairs.')).toBeUndefined();
    expect(weigh('Who put the light out last night? Bruno.')).toBeUndefined();
    expect(weigh('Bruno did. Ay.')).toBe(0);
    // What others said before may be spoken of.
    expect(weigh('You asked where do you keep the lamp oil.')).toBe(0);
  });

  it('says what is known as often as it is asked', () => {
    const fact = 'I keep the oil under the stairs.';
    expect(weigh(fact, fact)).toBe(0);
    expect(weigh(fact)).toBeUndefined();
  });

  it('is free to begin a conversation', () => {
    const grammar = unsaidGrammar({ speaker: 'MARTA', turns: [], template });
    expect(weighText(byteGrammar(grammar), 'Good evening.')).toBe(0);
  });
});
