import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results, RunRecord } from './results.ts';
import { readResults, readRows, writeResults } from './results-file.ts';

describe('The file of results', () => {
  it('keeps what made it beside the versions of its tasks', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dramatis-results-'));
    const path = join(folder, 'results.json');
    const versions = { dramatis: '0.1.0', commit: '1a2b3c4', node: 'v20.20.2' };
    const results = someResults({
      versions,
      tasks: [
        {
          ...{ task: 'cue', version: 2, summary: '', items: 1, metrics: [], broken: [] },
          ...{ evaluatedTokens: 0, scoredTokens: 0, generatedTokens: 0 },
        },
      ],
    });
    await writeResults(path, { results, record: {} as RunRecord, measured: [] });
    expect((await readResults(path)).results.versions).toEqual({ ...versions, cue: 2 });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ 'n-shot': { cue: 0 } });
    await rm(folder, { recursive: true });
  });

  it('is refused where a digit in it has changed since it was written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dramatis-results-'));
    const path = join(folder, 'results.json');
    const results = someResults({ limit: 12 });
    await writeResults(path, { results, record: {} as RunRecord, measured: [] });
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"limit": 12', '"limit": 13'));
    await expect(readResults(path)).rejects.toThrow(/results\.json is damaged, or was changed/);
    await rm(folder, { recursive: true });
  });

  it('is not read with the rows of another run, which one that was killed leaves beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dramatis-results-'));
    const path = join(folder, 'results.json');
    const results = someResults({});
    await writeResults(path, { results, record: {} as RunRecord, measured: [] });
    const { rowsSha256 } = (await readResults(path)).results;
    expect(await readRows(path, rowsSha256)).toEqual([]);
    await writeFile(`${path}.rows.jsonl`, '{"task":"cue","row":"subject","id":"1"}\n');
    await expect(readRows(path, rowsSha256)).rejects.toThrow('of another run');
    await rm(folder, { recursive: true });
  });
});

function someResults(more: Partial<Results>): Results {
  return {
    ...{ format: 'dramatis-bench', formatVersion: 1, split: 'dev', splitSha256: '' },
    play: { id: 'tiny', title: 'Tiny', sha256: '' },
    ...{ character: null, folds: null, limit: null, seed: 0, tasks: [] },
    subject: {
      ...{ model: 'tiny', modelFile: 'tiny.gguf', modelSha256: '', modelBytes: 1, parameters: 1 },
      ...{ adapter: null, persona: true, memory: true, form: 'chat', templateVersion: 1 },
    },
    machine: { cpu: 'none', cores: 1, threads: 'auto', backends: 'CPU' },
    versions: { dramatis: '0.1.0', commit: '1a2b3c4', node: 'v20.20.2' },
    ...{ exposure: {}, samples: [], matrix: null },
    ...more,
  };
}
