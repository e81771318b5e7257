import { describe, expect, it } from 'vitest';
import { promptPhrases } from './prompt-phrases.ts';
import { promptTemplate, templateNames } from './prompt-template.ts';

describe('The phrases of a prompt', () => {
  it('are its headings and the beginnings of its orders', () => {
    expect(promptPhrases(promptTemplate('default'))).toEqual([
      'What you say of others',
      'Your thoughts now',
      'What I remember:',
      'Say it better:',
      'is to say it better:',
      'Speak only as',
      'Answer the question first',
      'If you do not remember it',
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
