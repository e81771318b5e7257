import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allTasks } from '../eval/tasks/all.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { quay } from '../testing/plays/quay.ts';
import { Dramatis } from '../workspace/dramatis.ts';
import { studyPower } from './cost/study-power.ts';
import { planSweep } from './plan-sweep.ts';
import type { Study } from './study.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-plan-sweep-'));
const file = (name: string): string => join(at, name);
const signal = new AbortController().signal;
let dramatis: Dramatis;

beforeAll(async () => {
  await writeTinyModel(file('base.gguf'));
  writeFileSync(file('quay.md'), quay());
  writeFileSync(file('mole.md'), quay().replaceAll('So ', 'And so ').replace('Quay', 'Mole'));
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

let made = 0;
function plan(changes: Partial<Study>) {
  const study: Study = {
    ...{ models: ['base.gguf'], characters: [{ name: 'marva', play: 'quay.md' }] },
    ...{
      recipes: { none: null },
      tasks: ['who'],
      eval: { split: 'all', limit: 'all' },
      ...changes,
    },
  };
  const path = file(`study-${made++}.json`);
  writeFileSync(path, JSON.stringify(study));
  return planSweep(dramatis, { study: path });
}
const taught = (plays: string) => ({ taught: { reinforce: 'stage', plays } });

describe('A plan with a recipe that learns from rewards', () => {
  it('has the plays it learns from among what is checked before a task runs', async () => {
    const { manifest } = await plan({ recipes: taught('mole.md') });
    const plays = manifest.inputs.filter(({ kind }) => kind === 'play').map(({ name }) => name);
    expect(plays).toEqual([file('quay.md'), file('mole.md')]);
  });

  it('is refused where it would learn a play whose characters are asked', async () => {
    await expect(plan({ recipes: taught('mole.md,quay.md') })).rejects.toMatchObject({
      code: 'STUDY_INVALID',
      message: expect.stringMatching(/the recipe "taught" learns from quay, whose characters/),
    });
  });

  it('is refused for a task that cannot be learned', async () => {
    const recipes = { taught: { reinforce: 'bits', plays: 'mole.md' } };
    await expect(plan({ recipes })).rejects.toThrow(/"bits" cannot be learned by choice/);
  });
});

describe('What a study could show', () => {
  it('is less with fewer scenes, nothing with two, and only of shares', async () => {
    const power = async (changes: Partial<Study>) =>
      studyPower(dramatis, await plan({ tasks: ['who bits'], ...changes }), signal);
    const [whole, ...others] = await power({});
    expect(others).toEqual([]);
    expect(whole).toMatchObject({ task: 'who', model: file('base.gguf'), characters: 1 });
    const [few] = await power({ eval: { split: 'all', limit: 8 } });
    expect(few!.items).toBe(8);
    expect(few!.least).toBeGreaterThan(whole!.least);
    const [two] = await power({ eval: { split: 'all', limit: 2 } });
    expect(two!.least).toBeNaN();
    // Two characters are worth more than one of them.
    const characters = ['marva', 'tollo'].map((name) => ({ name, play: 'quay.md' }));
    const [both] = await power({ characters });
    expect(both).toMatchObject({ characters: 2 });
    expect(both!.least).toBeLessThan(whole!.least);
  });
});

describe('Items that a figure is made from', () => {
  it('are fewer than those asked where nobody could know the answer', () => {
    const know = allTasks.find(({ name }) => name === 'know')!;
    const isOf = know.metrics[0]!.isOf as (item: unknown) => boolean;
    expect(['known', 'before', 'never'].map((kind) => isOf({ asked: { kind } }))).toEqual([
      ...[true, false, false],
    ]);
  });
});
