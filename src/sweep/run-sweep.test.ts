import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PretendSweep } from '../testing/pretend-sweep.ts';
import { lastAttempt } from './attempts.ts';
import type { Sweep } from './manifest.ts';
import { type RunSweepOptions, runSweep, type SweepEvent } from './run-sweep.ts';
import { countStates, sweepStatus } from './sweep-status.ts';

let pretend: PretendSweep;
let sweep: Sweep;
beforeEach(async () => {
  pretend = new PretendSweep();
  sweep = await pretend.plan();
});
afterEach(() => pretend[Symbol.dispose]());

async function run(options: Partial<RunSweepOptions> = {}): Promise<SweepEvent[]> {
  const events: SweepEvent[] = [];
  const given = { program: pretend.program, ...options };
  for await (const event of runSweep(sweep, given)) events.push(event);
  return events;
}
const shown = (events: readonly SweepEvent[]): string[] =>
  events.flatMap((event) =>
    event.kind === 'end' ? [`${event.task.label} ${event.end.outcome}`] : [],
  );
const counts = async () => countStates(await sweepStatus(sweep, 'bytes'));

describe('A sweep', () => {
  it('runs each task once, after what it needs, and nothing when it is run again', async () => {
    expect(shown(await run())).toEqual([
      'train-small-marta-low-s1 done',
      'train-small-marta-low-s2 done',
      'eval-small-marta-none-off-bits done',
      'eval-small-marta-low-s1-off-bits done',
      'eval-small-marta-low-s2-off-bits done',
    ]);
    expect(pretend.calls()).toHaveLength(5);
    expect(await run()).toEqual([{ kind: 'sweep', tasks: 5, done: 5 }]);
    expect(pretend.calls()).toHaveLength(5);
    expect(await counts()).toMatchObject({ done: 5 });
  });

  it('names what failed with its last words, runs what does not need it, and tries it anew', async () => {
    pretend.when('fails', 'low-s1/adapter');
    const events = await run();
    const failed = events.find((event) => event.kind === 'end' && event.end.outcome === 'failed');
    expect(failed).toMatchObject({
      task: { label: 'train-small-marta-low-s1' },
      end: { exit: 1, reason: 'dramatis: the ink is dry Fill the pot.' },
    });
    expect(events.find(({ kind }) => kind === 'blocked')).toMatchObject({
      task: { label: 'eval-small-marta-low-s1-off-bits' },
      by: { label: 'train-small-marta-low-s1' },
    });
    expect(await counts()).toMatchObject({ done: 3, failed: 1, blocked: 1 });
    pretend.when('fails', undefined);
    pretend.forgetCalls();
    await run();
    expect(pretend.calls()).toHaveLength(2);
    expect((await lastAttempt(sweep, sweep.manifest.tasks[0]!)).attempts).toBe(2);
  });

  it('says of one that was killed that it was', async () => {
    pretend.when('dies', 'low-s2/adapter');
    const events = await run();
    expect(shown(events)).toContain('train-small-marta-low-s2 killed');
    expect(await counts()).toMatchObject({ failed: 1, blocked: 1 });
  });

  it('says of one that the kernel killed for memory what would help', async () => {
    const root = pretend.file('system');
    mkdirSync(join(root, 'proc/self'), { recursive: true });
    mkdirSync(join(root, 'sys/fs/cgroup/job'), { recursive: true });
    writeFileSync(join(root, 'proc/self/cgroup'), '0::/job\n');
    const events = join(root, 'sys/fs/cgroup/job/memory.events');
    writeFileSync(events, 'oom_kill 0\n');
    pretend.when('dies', 'low-s2/adapter');
    // The kernel counts as it kills.
    writeFileSync(pretend.file('last-act'), `echo 'oom_kill 1' >'${events}'`);
    const all = await run({ root });
    expect(
      all.find((event) => event.kind === 'end' && event.end.outcome === 'killed'),
    ).toMatchObject({
      end: { exit: 'SIGKILL', reason: expect.stringMatching(/^OUT_OF_MEMORY: .*memMiB/) },
    });
  });

  it('makes again what was purged or damaged, and what was made from it if that is different now', async () => {
    await run();
    pretend.forgetCalls();
    rmSync(join(sweep.folder, 'results', 'train-small-marta-low-s1', 'adapter.gguf'));
    await run();
    // It came out as it was: what was made from it stands.
    expect(pretend.calls()).toEqual(['train results/train-small-marta-low-s1/adapter.gguf']);
    writeFileSync(pretend.file('salt'), 'other');
    writeFileSync(join(sweep.folder, 'results/train-small-marta-low-s1/adapter.gguf'), 'damaged');
    pretend.forgetCalls();
    await run();
    expect(pretend.calls()).toEqual([
      'train results/train-small-marta-low-s1/adapter.gguf',
      'eval results/eval-small-marta-low-s1-off-bits/results.json',
    ]);
  });

  it('takes a damaged marker for none', async () => {
    await run();
    writeFileSync(join(sweep.folder, 'done', `${sweep.manifest.tasks[2]!.id}.json`), '{"id":');
    pretend.forgetCalls();
    await run();
    expect(pretend.calls()).toEqual(['eval results/eval-small-marta-none-off-bits/results.json']);
  });

  it('lets what runs save itself when it is to end, and goes on afterwards', async () => {
    pretend.when('waits', 'low-s1/adapter');
    const controller = new AbortController();
    const running = run({ signal: controller.signal });
    while (!existsSync(pretend.file('is-waiting'))) await sleep(20);
    controller.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    expect(await counts()).toMatchObject({ stopped: 1, waiting: 4 });
    pretend.when('waits', undefined);
    await run();
    expect(await counts()).toMatchObject({ done: 5 });
  });

  it('begins nothing once it is to end', async () => {
    const controller = new AbortController();
    const events = runSweep(sweep, { program: pretend.program, signal: controller.signal });
    await events.next();
    await events.next();
    controller.abort(new Error('enough'));
    await expect(events.next()).rejects.toThrow('enough');
    expect(pretend.calls()).toEqual([]);
    expect(await counts()).toMatchObject({ waiting: 5 });
  });

  it('is done once where two run it, on whatever machines', async () => {
    await Promise.all([run({ jobs: 2 }), run({ jobs: 2 })]);
    expect(pretend.calls().sort()).toEqual([...new Set(pretend.calls())].sort());
    expect(await counts()).toMatchObject({ done: 5 });
  });

  it('leaves nothing of its own but the files that are named', async () => {
    await run();
    expect(readdirSync(sweep.folder).sort()).toEqual([
      ...['attempts', 'claims', 'done', 'logs', 'manifest.json', 'results'],
    ]);
    expect(readdirSync(join(sweep.folder, 'claims'))).toEqual([]);
  });
});
