import { describe, expect, it } from 'vitest';
import { examplePhrases, mannerPhrases, promptPhrases } from './prompt-phrases.ts';
import { promptTemplate, templateNames } from './prompt-template.ts';

describe('The phrases of a prompt', () => {
  it('are its headings and the beginnings of its orders', () => {
    expect(promptPhrases(promptTemplate('default'))).toEqual([
      'What you say of others',
      'What I say of others',
      'say of others',
      'Your thoughts now',
      'my thoughts now',
      'What I remember',
      'Say it better',
      'is to say it better',
      'say it better',
      'Speak only as',
      'Answer the question first',
      'in one or two sentences',
      'from what you remember',
      'If you do not remember it',
      'say that you do not know',
    ]);
  });

  it('are found in every template, and none is a word or two that anybody says', () => {
    for (const name of templateNames()) {
      const phrases = promptPhrases(promptTemplate(name));
      expect(phrases.length, name).toBeGreaterThan(0);
      for (const phrase of phrases) expect(phrase).toMatch(/ .* |:$/);
    }
  });
});

describe('The words of a prompt’s examples', () => {
  const template = promptTemplate();

  it('tell that an answer is of an example, all of which have some', () => {
    const phrases = examplePhrases(template, '');
    expect(phrases).toEqual(expect.arrayContaining(['cook', 'grey horse', 'motor car']));
    for (const { examples } of template.answering!)
      for (const { facts, reply, own } of examples) {
        const said = [...facts, reply].join(' ').toLowerCase();
        const isUnknown = facts.includes(template.unknown!);
        expect(
          own?.some((phrase) => isUnknown || said.includes(phrase)),
          reply,
        ).toBe(true);
      }
  });

  it('may be said once they were said to the speaker, or are recalled', () => {
    const phrases = examplePhrases(template, 'Did the Cook see my grey horse?');
    expect(phrases).not.toContain('cook');
    expect(phrases).not.toContain('grey horse');
    expect(phrases).toContain('silver spoon');
  });

  it('are none where a template shows no examples', () => {
    expect(examplePhrases(promptTemplate('brief'), '')).toEqual([]);
  });
});

describe('The phrases of how a character speaks', () => {
  it('are its clauses, of oneself too, and two words of a list', () => {
    const manner =
      'You are Marta. You are warm, brief and courtly; you want peace, and say less than you feel.';
    expect(mannerPhrases(manner)).toEqual([
      ...['brief and courtly', 'brief and courtly', 'want peace', 'want peace'],
      ...['say less than you feel', 'say less than I feel'],
      ...['warm, brief', 'warm and brief'],
    ]);
  });

  it('are none where a prompt says only who somebody is', () => {
    expect(mannerPhrases('You are Marta, keeper of the light.')).toEqual([]);
  });
});
