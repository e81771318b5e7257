import { describe, expect, it } from 'vitest';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { againWording, isUnknownWording, unknownWording } from './said-before.ts';

const template = promptTemplate();
const speaker = 'MARTA';
const visitor = (text: string) => ({ speaker: 'VISITOR', text });
/** A conversation in which one question was asked again and again, and is now. */
const having = (...texts: string[]) => ({
  speaker,
  turns: [
    ...texts.flatMap((text) => [visitor('Where is the key?'), { speaker, text }]),
    visitor('Tell me, where is the key?'),
  ],
});

describe('That nothing is known', () => {
  it('is worded otherwise each time, until all wordings have been said', () => {
    const said: string[] = [];
    const count = 1 + template.unknownElse!.length;
    for (let i = 0; i < count; i++) said.push(unknownWording(template, having(...said))!);
    expect(said[0]).toBe(template.unknown);
    expect(new Set(said).size).toBe(count);
    expect(unknownWording(template, having(...said))).toBe(template.unknown);
  });

  it('is told from what is known, in every wording', () => {
    for (const text of [template.unknown!, ...template.unknownElse!]) {
      expect(isUnknownWording(template, text), text).toBe(true);
    }
    expect(isUnknownWording(template, 'The key is in the well.')).toBe(false);
  });

  it('is not said by a template that has no words for it', () => {
    expect(unknownWording(promptTemplate('brief'), having())).toBeUndefined();
  });
});

describe('A fact that is told again', () => {
  const fact = 'I hid the key in the well.';

  it('is told with other words before it each time, and without any at first', () => {
    expect(againWording(template, fact, having('I have no key.'))).toBe('');
    const once = againWording(template, fact, having(`Ay. ${fact}`));
    const twice = againWording(template, fact, having(fact, `As I told you: ${fact}`));
    expect(template.again).toContain(once);
    expect(template.again).toContain(twice);
    expect(twice).not.toBe(once);
  });

  it('was told by nearly all of its words, and not by a few', () => {
    const long = 'My brother Bruno and I hid the key of the harbour in the well.';
    const near = having('My brother and I hid the key of the harbour in the well.');
    expect(againWording(template, long, near)).not.toBe('');
    expect(againWording(template, long, having('I hid the key of the harbour.'))).toBe('');
    expect(againWording(template, 'I hid it.', having('I hid the oil.'))).toBe('');
  });

  it('is told plainly at another question that it answers, too', () => {
    const asked = (before: string, now: string) => ({
      speaker,
      turns: [visitor(before), { speaker, text: fact }, visitor(now)],
    });
    for (const [before, now] of [
      ['Where is the key?', 'Who hid the key?'],
      ['When did Bruno die?', 'How did Bruno die?'],
      ['What lies in the well?', 'What became of the key?'],
    ] as const)
      expect(againWording(template, fact, asked(before, now)), now).toBe('');
    for (const now of ['Where was the key?', 'And where is the key of the harbour?'])
      expect(againWording(template, fact, asked('Where is the key?', now)), now).not.toBe('');
  });

  it('was not told by what somebody else said', () => {
    const turns = [{ speaker: 'VISITOR', text: fact }];
    expect(againWording(template, fact, { turns, speaker })).toBe('');
  });
});
