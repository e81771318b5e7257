import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folders } from '../store/folders.ts';
import { settingsFile } from '../store/settings.ts';
import { pretendHere } from '../testing/models/pretend-here.ts';
import { defaultModel, findEntry, models } from './catalogue.ts';
import { modelInUse } from './model-in-use.ts';
import { resolveModel } from './models.ts';
import { useModel } from './use-model.ts';

let env: Record<string, string> = {};
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), 'dramatis-use-'));
  env = { DRAMATIS_HOME: home, HOME: home };
});

describe('modelInUse', () => {
  it('takes the argument before the environment, that before the settings, those before the choice', async () => {
    expect(await modelInUse(undefined, { env })).toMatchObject({
      name: defaultModel,
      from: 'choice',
      choice: { reason: 'none-here' },
    });
    await useModel('gemma3-270m', { env });
    expect(await modelInUse(undefined, { env })).toEqual({ name: 'gemma3-270m', from: 'settings' });
    const set = { ...env, DRAMATIS_MODEL: 'qwen3-4b' };
    expect(await modelInUse(undefined, { env: set })).toEqual({
      name: 'qwen3-4b',
      from: 'environment',
    });
    expect(await modelInUse('mine.gguf', { env: set })).toEqual({
      name: 'mine.gguf',
      from: 'argument',
    });
  });

  it('is chosen among those that are here', async () => {
    for (const id of ['gemma3-270m', 'qwen2.5-coder-1.5b']) {
      await pretendHere(env.DRAMATIS_HOME!, findEntry(models(), id)!);
    }
    expect(await modelInUse(undefined, { env })).toMatchObject({
      name: 'qwen2.5-coder-1.5b',
      from: 'choice',
      choice: { reason: 'best-here', isOnTrial: true },
    });
  });

  it('says that the settings are damaged when it had to do without them', async () => {
    await useModel('gemma3-270m', { env });
    writeFileSync(join(folders(env).config, settingsFile), 'scribble');
    const inUse = await modelInUse(undefined, { env });
    expect(inUse).toMatchObject({ name: defaultModel, damage: { fault: 'it is not JSON' } });
    expect((await modelInUse('qwen3-4b', { env })).damage).toBeUndefined();
  });

  it('is what a model is resolved to when none is named', async () => {
    const path = join(env.DRAMATIS_HOME!, 'mine.gguf');
    writeFileSync(path, '');
    await useModel(relative(process.cwd(), path), { env });
    expect(await resolveModel(undefined, { env, offline: true })).toEqual({ name: path, path });
  });

  it('says where a name came from that is wrong', async () => {
    const named = { env: { ...env, DRAMATIS_MODEL: 'gemma3-270' } };
    await expect(resolveModel(undefined, named)).rejects.toMatchObject({
      code: 'MODEL_UNKNOWN',
      message: expect.stringMatching(/which DRAMATIS_MODEL names; did you mean gemma3-270m/),
      remedy: expect.stringContaining('unset DRAMATIS_MODEL'),
    });
  });
});

describe('useModel', () => {
  it('knows an entry by its title, and keeps its id', async () => {
    expect(await useModel('Gemma3 270M', { env })).toMatchObject({ name: 'gemma3-270m' });
  });

  it('leaves the choice to the machine again', async () => {
    await useModel('gemma3-270m', { env });
    expect(await useModel('auto', { env })).toMatchObject({ name: defaultModel, from: 'choice' });
  });

  it('tells that the environment has the last word', async () => {
    const set = { env: { ...env, DRAMATIS_MODEL: 'qwen3-4b' } };
    expect(await useModel('gemma3-270m', set)).toEqual({ name: 'qwen3-4b', from: 'environment' });
    expect((await modelInUse(undefined, { env })).name).toBe('gemma3-270m');
  });

  it('refuses a name that nobody knows, a file that is not there and a model that cannot speak', async () => {
    await expect(useModel('smolm2-135m', { env })).rejects.toMatchObject({ code: 'MODEL_UNKNOWN' });
    await expect(useModel('./no.gguf', { env })).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(useModel('minilm', { env })).rejects.toMatchObject({
      code: 'USAGE',
      message: 'minilm embeds texts and cannot speak',
    });
    expect((await modelInUse(undefined, { env })).from).toBe('choice');
  });
});
