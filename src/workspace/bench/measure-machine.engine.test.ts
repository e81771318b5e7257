import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyModel } from '../../testing/models/tiny-model.ts';
import { Dramatis } from '../dramatis.ts';
import { type MeasureEvent, measureMachine } from './measure-machine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
});
afterAll(() => rm(folder, { recursive: true }));

async function measured(benches: readonly string[], signal?: AbortSignal): Promise<MeasureEvent[]> {
  using dramatis = await Dramatis.open({ hub: { offline: true }, compute: { gpu: 'off' } });
  const events: MeasureEvent[] = [];
  for await (const event of measureMachine(dramatis, {
    ...{ benches, repetitions: 2, turns: 3, program: [], signal },
    ...{ model: join(folder, 'tiny.gguf'), contexts: [16, 64, 1 << 20], batches: [1, 3] },
  }))
    events.push(event);
  return events;
}

describe('Measuring a machine', () => {
  it('gives every row as it comes, then all with what they depend on', async () => {
    const events = await measured(['train', 'batch', 'context', 'threads', 'grammar']);
    const results = events.at(-1)!;
    if (results.kind !== 'results') throw new Error('no results');
    const { rows, model, machine } = results.file;
    expect(rows).toEqual(events.flatMap((event) => (event.kind === 'row' ? [event.row] : [])));
    expect([...new Set(rows.map(({ bench }) => bench))]).toEqual([
      ...['threads', 'context', 'batch', 'grammar', 'train'],
    ]);
    // What the model was not trained for is left out.
    const contexts = rows.filter(({ bench }) => bench === 'context').map(({ at }) => at.context);
    expect(contexts).toEqual([16, 16, 64, 64]);
    const batches = rows.filter(({ bench }) => bench === 'batch').map(({ at }) => at.sequences);
    expect(batches).toEqual([1, 3]);
    for (const { bench, samples } of rows) {
      expect(samples).toHaveLength(bench === 'grammar' ? 1 : 2);
      for (const sample of samples) expect(sample).toBeGreaterThan(0);
    }
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(machine.cores).toBeGreaterThan(0);
  });

  it('refuses a bench there is not, and stops when asked to', async () => {
    await expect(measured(['speeed'])).rejects.toMatchObject({ code: 'USAGE' });
    await expect(measured(['batch'], AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
  });
});
