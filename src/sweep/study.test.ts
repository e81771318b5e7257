import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseStudy, pathIn, readStudy, writeStudy } from './study.ts';

const whole = {
  models: ['small'],
  characters: ['marta', { name: 'jan', play: 'lantern.md' }],
  recipes: { none: null, low: { rank: 4, memory: false } },
  tasks: ['bits voice'],
};
const read = (changes: object): unknown =>
  parseStudy(JSON.stringify({ ...whole, ...changes }), 'study.json');

describe('A study that is written', () => {
  it('stays if it is there, and does not take the place of another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'dramatis-study-'));
    const path = await writeStudy(folder, whole);
    expect(await writeStudy(folder, whole)).toBe(path);
    expect((await readStudy(path)).study).toEqual(whole);
    await expect(writeStudy(folder, { ...whole, seeds: [2] })).rejects.toThrow(
      `${path} is another study, or was changed`,
    );
    expect((await readStudy(path)).study).toEqual(whole);
    rmSync(folder, { recursive: true });
  });
});

describe('A study', () => {
  it('has models, characters, recipes and tasks, and may have the rest', () => {
    expect(read({})).toEqual(whole);
    expect(read({ seeds: [1, 2], folds: 5, levers: ['off'], eval: { limit: 3 } })).toBeTruthy();
  });

  it.each([
    [{ models: [] }, '"models" must not have fewer than 1 items'],
    [{ modles: ['a'] }, 'there is no field "modles" in the study'],
    [{ recipes: { low: { rnak: 4 } } }, 'there is no field "rnak" in "recipes.low"'],
    [
      { recipes: { low: { reinforce: 'stage', plays: 'a', epochs: 4 } } },
      'there is no field "epochs" where something is reinforced in "recipes.low"',
    ],
    [
      { recipes: { low: { steps: 4 } } },
      'there is no field "steps" without "reinforce" in "recipes.low"',
    ],
    [{ recipes: { low: { reinforce: 'stage' } } }, 'the field "plays" is missing in "recipes.low"'],
    [{ tasks: [{ tasks: 'bits', limt: 3 }] }, 'there is no field "limt" in "tasks.0"'],
    [{ seeds: [-1] }, '"seeds.0" must be >= 0'],
    [{ folds: 3 }, '"folds" must be equal to constant'],
    [{ resources: { train: { cpus: 0 } } }, '"resources.train.cpus" must be >= 1'],
  ])('names the field that is wrong: %j', (changes, message) => {
    expect(() => read(changes)).toThrow(`study.json: ${message}`);
  });

  it('says what is wrong with a file that is not JSON', () => {
    expect(() => parseStudy('{"models": [', 'study.json')).toThrow(/^study\.json is not JSON: /);
  });

  it('has paths relative to its own folder, and leaves ids and URIs alone', () => {
    const file = { path: '/a/study.json', text: '', study: parseStudy(JSON.stringify(whole), '') };
    const named = ['m.gguf', '../m.gguf', '/b/m.gguf', 'small-2.5b', 'hf:o/r/m.gguf'];
    expect(named.map((name) => pathIn(file, name))).toEqual([
      ...['/a/m.gguf', '/m.gguf', '/b/m.gguf', 'small-2.5b', 'hf:o/r/m.gguf'],
    ]);
  });
});
