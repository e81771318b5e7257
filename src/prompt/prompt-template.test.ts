import { describe, expect, it } from 'vitest';
import { baseModel, chatMlModel } from '../testing/models/letter-model.ts';
import { type Persona, type SceneParts, VISITOR } from './prompt.ts';
import {
  filled,
  filledParts,
  promptTemplate,
  templateNames,
  templateOfVersion,
} from './prompt-template.ts';
import { scenePrompt } from './scene-prompt.ts';

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
const parts = (more: Partial<SceneParts> = {}): SceneParts => ({
  persona: persona(),
  recalled: [],
  turns: [{ speaker: VISITOR, text: 'Is the lamp lit?' }],
  form: 'chat',
  speaker: 'ADA',
  ...more,
});
const textOf = (given: SceneParts): string => {
  const model = given.form === 'chat' ? chatMlModel() : baseModel();
  return model.spell(scenePrompt(model, given).tokens);
};

describe('The prompt templates', () => {
  it('are named after their files and have a version each, also those that were in use', () => {
    const all = templateNames().map((name) => promptTemplate(name));
    expect(all.map(({ name }) => name)).toEqual(templateNames());
    const versions = all.flatMap(({ version, sameRows }) => [version, ...sameRows]);
    expect(new Set(versions).size).toBe(versions.length);
    expect(promptTemplate().version).toBe(5);
    expect(promptTemplate().name).toBe('default');
  });

  it('make a prompt of both forms', () => {
    for (const name of templateNames())
      for (const form of ['chat', 'script'] as const) {
        const recalled = [{ speaker: 'BEN', text: 'The lamp is out, and {name} asleep.' }];
        const given = parts({ persona: persona(name), form, recalled, note: 'Do not say okay.' });
        const text = textOf(given);
        expect(text).toContain('and {name} asleep');
        expect(text.replaceAll('{name}', '')).not.toMatch(/[{}]/);
        expect(text).toContain('Do not say okay.');
        expect(text).toContain('Is the lamp lit?');
      }
  });

  it('differ in what they tell', () => {
    const texts = templateNames().map((name) => textOf(parts({ persona: persona(name) })));
    expect(new Set(texts).size).toBe(texts.length);
    expect(textOf(parts({ persona: persona('brief') }))).not.toContain('The oil is low');
    expect(textOf(parts({ persona: persona('default') }))).toBe(textOf(parts()));
  });

  it('are found by a version that was trained with, if its rows have the same tokens', () => {
    expect(templateOfVersion(promptTemplate().version)?.name).toBe('default');
    expect(templateOfVersion(1)?.name).toBe('default');
    expect(templateOfVersion(4)?.name).toBe('page');
    expect(templateOfVersion(99)).toBeUndefined();
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
