import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunFolder } from '../store/run-folder.ts';
import { type RecordedEvent, record } from './training-run.ts';

describe('the folder of a training run', () => {
  it('keeps what was measured, and checkpoints until the run has ended', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'dramatis-training-'));
    const run = await RunFolder.create<RecordedEvent>(parent, 'mill', { rank: 8 }, {});
    mkdirSync(run.checkpoints);
    const step = { kind: 'dev', step: 3, nll: 2.5, isBest: true } as const;
    await record(run, { kind: 'reference', done: 1, of: 2 });
    await record(run, step);
    await record(run, { kind: 'checkpoint', step: 3 });
    expect((await run.events.read()).records).toEqual([step]);
    await run.finish({ id: 'abc' });
    expect(existsSync(run.checkpoints)).toBe(false);
    expect(await RunFolder.unfinished(parent, { rank: 8 })).toBeUndefined();
  });
});
