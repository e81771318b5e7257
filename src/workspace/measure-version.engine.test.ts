import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { figuresFrom } from '../eval/results-figures.ts';
import type { AdapterVersion } from '../registry/version.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { quay } from '../testing/plays/quay.ts';
import { resultOf } from '../testing/result-of.ts';
import { Dramatis } from './dramatis.ts';
import { measureMissing, missingFigures } from './measure-version.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-measure-version-'));
const file = (name: string): string => join(at, name);
const play = file('quay.md');
const model = file('base.gguf');
let dramatis: Dramatis;
let version: AdapterVersion;

beforeAll(async () => {
  await writeTinyModel(model, { context: 2048 });
  await writeTinyModel(file('other.gguf'), { seed: 2 });
  writeFileSync(play, quay());
  writeFileSync(file('other.md'), quay(['1.1']));
  dramatis = await Dramatis.open({
    hub: { offline: true, env: { DRAMATIS_HOME: at } },
    compute: { gpu: 'off' },
  });
  const recipe = { form: 'script', rank: 4, batchTokens: 256, epochs: 3, rate: 0.01 } as const;
  const rows = { words: 80 };
  const options = { play, model, character: 'marva', memory: false, recipe: { ...recipe, rows } };
  for await (const event of dramatis.train(options))
    if (event.kind === 'version') version = event.version;
});
afterAll(() => {
  dramatis[Symbol.dispose]();
  rmSync(at, { recursive: true });
});

describe('measureMissing', () => {
  it('measures what results of a run lack, after which the gate lets the version pass', async () => {
    const registry = dramatis.registry();
    expect(await missingFigures(registry, version.id)).toHaveLength(4);
    const subject = { play, model, form: 'script', adapter: version.id } as const;
    const asked = { tasks: ['bits', 'voice', 'keep'], character: 'marva', split: 'dev' } as const;
    for await (const event of dramatis.benchmark({ ...subject, ...asked }))
      if (event.kind === 'results')
        await registry.measure(version.id, figuresFrom(event.results, version, 'dev'), 'a test');
    expect(await missingFigures(registry, version.id)).toEqual(['recited']);

    const figures = await resultOf(measureMissing(dramatis, version.id, { play }));
    expect(Object.keys(figures)).toEqual(['recited']);
    expect(await missingFigures(registry, version.id)).toEqual([]);
    expect((await registry.promote(version.id, { by: 'a test' })).gate.passes).toBe(true);
    expect(await resultOf(measureMissing(dramatis, version.id))).toEqual({});
  });

  it('refuses another text or model than the version was trained on, with what to give instead', async () => {
    const registry = dramatis.registry();
    // Nothing is missing of the first: a second of the same play.
    const recipe = { form: 'script', rank: 2, batchTokens: 256, epochs: 1 } as const;
    const options = { play, model, character: 'tollo', memory: false, recipe };
    let id = '';
    for await (const event of dramatis.train(options))
      if (event.kind === 'version') id = event.version.id;
    expect(await missingFigures(registry, id)).toContain('bits gain');
    const measured = (more: object) => resultOf(measureMissing(dramatis, id, more));
    await expect(measured({ play: file('other.md') })).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      remedy: expect.stringContaining('--play FILE'),
    });
    await expect(measured({ play, model: file('other.gguf') })).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      remedy: expect.stringContaining('--model FILE'),
    });
    // Its name alone does not find a file.
    await expect(measured({})).rejects.toMatchObject({
      code: 'PLAY_UNKNOWN',
      remedy: expect.stringContaining('--play FILE'),
    });
  });
});
