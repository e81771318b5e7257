import { describe, expect, it } from 'vitest';
import { baseModel, chatMlModel } from '../testing/models/letter-model.ts';
import { type Persona, type SceneParts, VISITOR } from './prompt.ts';
import {
  answeringOf,
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

describe('How a model answers', () => {
  it('depends on its size, the last way being for all that are larger', () => {
    const template = promptTemplate();
    expect(answeringOf(template, 135e6)).toMatchObject({ facts: 1, bestLast: true });
    expect(answeringOf(template, 400e6)).toBe(answeringOf(template, 70e9));
    expect(answeringOf(promptTemplate('brief'), 135e6)).toMatchObject({ push: 0, examples: [] });
  });

  it('shows questions as answered where a visitor asks, in both forms', () => {
    const { examples } = answeringOf(promptTemplate(), chatMlModel().info.parameters);
    for (const form of ['chat', 'script'] as const) {
      const asked = textOf(parts({ form, isAsked: true }));
      const before = asked.slice(0, asked.indexOf('Is the lamp lit?'));
      for (const { facts, question, reply } of examples)
        for (const shown of [...facts, question, reply]) expect(before).toContain(shown);
      expect(textOf(parts({ form }))).not.toContain(examples[0]!.question);
    }
  });

  it('asks a character of today of a thing that nobody knows today', () => {
    const today = { ...persona(), tongue: { language: 'German', period: 'today' } };
    const text = textOf(parts({ persona: today, isAsked: true }));
    expect(text).toContain('What is a farrowglass?');
    expect(text).not.toContain('motor car');
    expect(text).toContain('Speak only as Ada, as I, in the German of today.');
    expect(textOf(parts({ isAsked: true }))).toContain('What is a motor car?');
  });

  it('shows the fact that fits best first or last, whole, and says which it is', () => {
    const facts = ['I lit the lamp at noon.', 'Ben had forgotten it, and I was angry.'];
    const recalled = facts.map((text) => ({ text }));
    const given = parts({ recalled, isAsked: true });
    const text = textOf(given);
    const { bestLast } = answeringOf(promptTemplate(), chatMlModel().info.parameters);
    const order = bestLast ? [facts[1], facts[0]] : facts;
    expect(text).toContain(`What I remember:\n- ${order.join('\n- ')}\n\nIs the lamp lit?`);
    expect(scenePrompt(chatMlModel(), given).fact).toBe(facts[0]);
    expect(scenePrompt(chatMlModel(), parts({ recalled })).fact).toBeUndefined();
  });
});

describe('The prompt templates', () => {
  it('are named after their files and have a version each, also those that were in use', () => {
    const all = templateNames().map((name) => promptTemplate(name));
    expect(all.map(({ name }) => name)).toEqual(templateNames());
    const versions = all.flatMap(({ version, sameRows }) => [version, ...sameRows]);
    expect(new Set(versions).size).toBe(versions.length);
    expect(promptTemplate().version).toBe(11);
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
    expect(templateOfVersion(1)?.name).toBe('marks');
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
