import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Estimate } from '../measure/metric.ts';
import { PretendSweep } from '../testing/pretend-sweep.ts';
import { markDone } from './done-marker.ts';
import { gather } from './gather.ts';
import { resultsIn } from './gathered-file.ts';
import { readSweep, type Sweep } from './manifest.ts';

let pretend: PretendSweep;
let sweep: Sweep;
beforeEach(async () => {
  pretend = new PretendSweep();
  sweep = await pretend.plan({ recipes: { none: null }, tasks: ['bits', 'cue'] });
});
afterEach(() => pretend[Symbol.dispose]());

const estimate: Estimate = {
  ...{ value: 0.5, low: 0.25, high: 0.75, method: 'none', stderr: 0, n: 8, nEff: 8, clusters: 2 },
};
const machine = { cpu: 'Xeon', cores: 2, threads: '2', backends: 'cpu-x64' };
const versions = { dramatis: '1', commit: 'abc', node: 'v20' };

/** Lays down the results of a task, as if it had been run. */
async function finish(index: number, changes: object = {}): Promise<void> {
  const task = sweep.manifest.tasks[index]!;
  const path = join(sweep.folder, task.outputs[0]!);
  const metric = {
    metric: 'accuracy',
    unit: '',
    higherIsBetter: true,
    rows: { subject: estimate },
  };
  const results = {
    ...{ format: 'dramatis-bench', formatVersion: 1, split: 'holdout', limit: 5 },
    ...{ machine, versions, tasks: [{ task: task.point.tasks, metrics: [metric] }], ...changes },
  };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(results));
  writeFileSync(`${path}.rows.jsonl`, '');
  await markDone(sweep, task);
}

describe('What a sweep gathers', () => {
  it('is one table of every figure, which leads back to the results', async () => {
    await finish(0);
    await finish(1);
    const { json, csv, missing } = await gather(sweep);
    expect(missing).toEqual([]);
    expect(readFileSync(csv, 'utf8')).toBe(
      [
        'label,model,character,recipe,seed,levers,split,limit,task,metric,unit,row,value,low,high,n,scenes',
        'eval-small-marta-none-off-bits,small,marta,none,,off,holdout,5,bits,accuracy,,subject,0.5,0.25,0.75,8,2',
        'eval-small-marta-none-off-cue,small,marta,none,,off,holdout,5,cue,accuracy,,subject,0.5,0.25,0.75,8,2',
        '',
      ].join('\n'),
    );
    expect(await resultsIn(json)).toEqual(
      sweep.manifest.tasks.map(({ label, outputs }) => ({
        ...{ label, path: join(sweep.folder, outputs[0]!) },
      })),
    );
  });

  it('names what is missing, or has been changed since', async () => {
    await finish(0);
    await finish(1);
    writeFileSync(join(sweep.folder, sweep.manifest.tasks[1]!.outputs[0]!), '{}');
    const { file, missing, damage } = await gather(sweep);
    expect([...damage]).toEqual([
      [
        'eval-small-marta-none-off-cue',
        expect.stringMatching(/results\.json is damaged, or was changed after it was written$/),
      ],
    ]);
    expect(missing.map(({ label }) => label)).toEqual(['eval-small-marta-none-off-cue']);
    expect(file.missing).toEqual(['eval-small-marta-none-off-cue']);
    expect(file.runs).toHaveLength(1);
  });

  it('is nothing where nothing is done', async () => {
    await expect(gather(sweep)).rejects.toThrow('no evaluation of this sweep is done');
  });

  it('is of one version of the program', async () => {
    await finish(0);
    await finish(1, { versions: { ...versions, commit: 'def' } });
    await expect(gather(sweep)).rejects.toThrow(
      'results of several versions: eval-small-marta-none-off-bits of 1 (abc), eval-small-marta-none-off-cue of 1 (def)',
    );
  });

  it('is of one kind of machine, unless several are allowed', async () => {
    await finish(0);
    await finish(1, { machine: { ...machine, cpu: 'EPYC' } });
    await expect(gather(sweep)).rejects.toThrow(
      'results of 2 kinds of machine: Xeon, cpu-x64; EPYC, cpu-x64',
    );
    const { file } = await gather(sweep, { acrossMachines: true });
    expect(file.machines).toEqual(['Xeon, cpu-x64', 'EPYC, cpu-x64']);
  });

  it('is of the manifest as it was planned', async () => {
    const text = readFileSync(sweep.path, 'utf8');
    writeFileSync(sweep.path, text.replace('"bits"', '"style"'));
    await expect(readSweep(sweep.folder)).rejects.toThrow(/^task 0 of .* is not as planned$/);
    writeFileSync(sweep.path, '{}');
    await expect(readSweep(sweep.folder)).rejects.toThrow(/is not the manifest of a sweep$/);
  });
});
