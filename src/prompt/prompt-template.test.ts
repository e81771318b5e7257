import { describe, expect, it } from 'vitest';
import { baseModel, chatMlModel } from '../testing/models/letter-model.ts';
import { buildPrompt } from './build-prompt.ts';
import type { Persona, PromptParts } from './prompt.ts';
import { filled, filledParts, promptTemplate, templateNames } from './prompt-template.ts';

const persona = (name?: string): Persona => ({
  ...(name !== undefined && { template: promptTemplate(name) }),
  name: 'ADA',
  displayName: 'Ada',
  playTitle: 'The Keeper of the Light',
  role: 'keeper of the light',
  description: 'You are Ada, keeper of the light.',
  relations: ['Ben is your brother.'],
  situation: () => 'The oil is low.',
  samples: () => [
    { asker: 'BEN', cue: 'How many ships?', reply: 'Seven upon the bar, brother.' },
    { asker: 'BEN', cue: 'And boats?', reply: 'None that I would put my foot in.' },
  ],
});
const parts = (more: Partial<PromptParts> = {}): PromptParts => ({
  persona: persona(),
  recalled: [],
  turns: [{ speaker: 'visitor', text: 'Is the lamp lit?' }],
  form: 'chat',
  ...more,
});
const textOf = (given: PromptParts): string => {
  const model = given.form === 'chat' ? chatMlModel() : baseModel();
  return model.spell(buildPrompt(model, given, 100_000).tokens);
};

describe('The prompt templates', () => {
  it('are named after their files and have a version each, the default’s being 1', () => {
    const all = templateNames().map((name) => promptTemplate(name));
    expect(all.map(({ name }) => name)).toEqual(templateNames());
    expect(new Set(all.map(({ version }) => version)).size).toBe(all.length);
    expect(promptTemplate().version).toBe(1);
    expect(promptTemplate().name).toBe('default');
  });

  it('make a prompt of both forms, that says which version it is', () => {
    for (const name of templateNames())
      for (const form of ['chat', 'script'] as const) {
        const recalled = [{ speaker: 'BEN', text: 'The lamp is out, and {name} asleep.' }];
        const given = parts({ persona: persona(name), form, recalled, note: 'Do not say okay.' });
        const text = textOf(given);
        expect(text).toContain('and {name} asleep');
        expect(text.replaceAll('{name}', '')).not.toMatch(/[{}]/);
        expect(text).toContain('Do not say okay.');
        expect(text).toContain('Is the lamp lit?');
        const model = form === 'chat' ? chatMlModel() : baseModel();
        const { version } = promptTemplate(name);
        expect(buildPrompt(model, given, 100_000).templateVersion).toBe(version);
      }
  });

  it('differ in what they tell', () => {
    const texts = templateNames().map((name) => textOf(parts({ persona: persona(name) })));
    expect(new Set(texts).size).toBe(texts.length);
    expect(textOf(parts({ persona: persona('brief') }))).not.toContain('The oil is low');
    expect(textOf(parts({ persona: persona('default') }))).toBe(textOf(parts()));
  });

  it('refuse a name that no file has, and tell those there are', () => {
    expect(() => promptTemplate('no-such')).toThrow(/no prompt "no-such"/);
    expect(() => promptTemplate('../splits')).toThrow(/no prompt/);
  });
});

describe('A text with words in braces', () => {
  it('never fills what was put in', () => {
    expect(filled('{one} {two}', { one: '{two}', two: '$& $1' })).toBe('{two} $& $1');
    expect(() => filled('{three}', { one: '' })).toThrow(RangeError);
  });

  it('is left out where it tells of nothing', () => {
    expect(filledParts(['a {one}', 'b {two}', 'c'], { one: '', two: '2' })).toEqual(['b 2', 'c']);
  });
});
