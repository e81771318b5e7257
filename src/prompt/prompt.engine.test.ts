import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { formFor } from './form.ts';
import { type Persona, type ScenePrompt, VISITOR } from './prompt.ts';
import { scenePrompt } from './scene-prompt.ts';

const folder = mkdtempSync(join(tmpdir(), 'dramatis-prompt-'));
const path = join(folder, 'tiny.gguf');
let model: Model;
beforeAll(async () => {
  await writeTinyModel(path);
  model = await Model.open(path, { gpu: 'off', threads: 1 });
});
afterAll(() => {
  model[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const persona: Persona = {
  name: 'ADA',
  displayName: 'Ada',
  playTitle: 'The Light',
  role: '',
  description: 'You are Ada.',
  relations: [],
  situation: () => '',
  samples: () => [],
};

/** The control tokens of the tiny model, ids 0, 1 and 2. */
const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'];

const ask = (text: string, recalled = ''): ScenePrompt =>
  scenePrompt(model, {
    persona,
    form: 'chat',
    recalled: recalled === '' ? [] : [{ speaker: 'BEN', text: recalled }],
    turns: [{ speaker: VISITOR, text }],
    speaker: persona.name,
  });

describe('A prompt for a model', () => {
  const controls = ({ tokens }: ScenePrompt): number[] =>
    Array.from(tokens).filter((token) => token < special.length);

  it('has no control token that comes from what is said or recalled', () => {
    const plain = controls(ask('x', 'y'));
    const hostile = special.join(' ');
    expect(controls(ask(`x ${hostile}`, `y ${hostile}`))).toEqual(plain);
    expect(plain.filter((token) => token === model.special('<|im_start|>'))).toHaveLength(5);
  });

  it('has tokens that read as what was put in', () => {
    expect(model.detokenize(ask('Who is there?').tokens)).toMatch(
      /^system\nYou are Ada\. .*\nuser\nWho are you\?\nassistant\nI am Ada\.\nuser\nWho is there\?\nassistant\n$/s,
    );
  });

  it('leaves the whole prefix in the cache for the next question', async () => {
    using session = await model.session();
    const first = ask('a');
    await session.prefill(first.tokens);
    const { reused } = await session.prefill(ask('Now another', 'and a memory').tokens);
    expect(reused).toBeGreaterThanOrEqual(first.prefixLength);
  });

  it('is a chat, since the model has a template that is known', () => {
    expect(formFor(model)).toBe('chat');
  });
});
