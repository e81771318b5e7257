import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { UnitRecord } from '../../eval/run/ask.ts';
import type { RunHead } from '../../eval/run/assemble.ts';
import type { Task } from '../../eval/task.ts';
import { Journal } from '../../store/journal.ts';
import { openEvalRun } from './eval-run.ts';

const versions = { dramatis: '0.1.0', commit: 'abc', node: 'v20' };
const head = { seed: 1, split: 'dev', versions } as RunHead;
const tasks = [{ name: 'cue', version: 2 } as Task];
const answer = { task: 'cue' } as UnitRecord;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-eval-run-'));
});
const open = (change: object = {}, of: object = {}) =>
  openEvalRun(folder, { head: { ...head, ...of } as RunHead, tasks, fresh: false, ...change });
/** Leaves an answer behind, as a run that is cut does. */
const cut = async () => new Journal<UnitRecord>((await open()).path).append(answer);

describe('openEvalRun', () => {
  it('goes on from the answers of a run that was cut', async () => {
    await cut();
    expect((await open()).taken).toBe(1);
  });

  it('asks anew once a run is over, of another configuration, or fresh', async () => {
    await cut();
    expect((await open({}, { seed: 2 })).taken).toBe(0);
    expect((await open({ tasks: [{ name: 'cue', version: 3 }] })).taken).toBe(0);
    expect((await open({}, { versions: { ...versions, commit: 'def' } })).taken).toBe(0);
    expect((await open({}, { versions: { ...versions, node: 'v22' } })).taken).toBe(1);
    expect((await open({ fresh: true })).taken).toBe(0);
    await (await open()).finish('out.json');
    expect((await open()).taken).toBe(0);
  });

  it('names a line that was torn', async () => {
    await cut();
    const { path } = await open();
    appendFileSync(path, '{"crc32c":"');
    expect((await open()).faults).toEqual([{ line: 2, kind: 'torn' }]);
  });
});
