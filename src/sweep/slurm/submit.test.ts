import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PretendSweep } from '../../testing/pretend-sweep.ts';
import type { Sweep } from '../manifest.ts';
import { runTask } from '../run-task.ts';
import { type SubmitOptions, scriptsOf, submit } from './submit.ts';
import { cancelJobs, queuedJobs, readSubmitted } from './submitted.ts';

let pretend: PretendSweep;
let sweep: Sweep;
let options: SubmitOptions;
const { PATH } = process.env;
beforeEach(async () => {
  pretend = new PretendSweep();
  sweep = await pretend.plan();
  mkdirSync(pretend.file('bin'));
  // Numbers its jobs; refuses where a file says so; the queue is what a file says.
  command(
    'sbatch',
    'n=$(cat jobs 2>/dev/null | wc -l); echo "$*" >>jobs; [ "$n" != "$(cat refuses)" ] || { echo "sbatch: error: no such partition" >&2; exit 1; }; echo $((100 + n))',
  );
  command('squeue', 'cat queue');
  command('scancel', 'echo "$*" >>cancelled');
  command('scontrol', 'echo "MaxArraySize            = 50"');
  writeFileSync(pretend.file('refuses'), '');
  writeFileSync(pretend.file('queue'), '');
  process.env.PATH = `${pretend.file('bin')}${delimiter}${PATH}`;
  options = {
    ...{ sbatch: ['--partition=gpu --account="my lab"'], prologue: 'module load nodejs\n' },
    ...{ atOnce: 4, graceSeconds: 60, pack: 0, program: pretend.program },
  };
});
afterEach(() => {
  process.env.PATH = PATH;
  pretend[Symbol.dispose]();
});

function command(name: string, body: string): void {
  const text = `#!/bin/sh\ncd '${pretend.path}'\n${body}\n`;
  writeFileSync(pretend.file('bin', name), text, { mode: 0o755 });
}
const said = (name: string): string[] =>
  existsSync(pretend.file(name)) ? readFileSync(pretend.file(name), 'utf8').trim().split('\n') : [];
const plan = async () => (await scriptsOf(sweep, options)).scripts;

describe('What is submitted', () => {
  it('passes the options of the site through, and launches tasks by srun', async () => {
    const [train] = await plan();
    const lines = train!.script.split('\n');
    expect(lines).toContain('#SBATCH --partition=gpu --account="my lab"');
    expect(lines).toContain('#SBATCH --array=0-1%4');
    expect(lines).toContain('#SBATCH --signal=USR1@60');
    expect(lines.indexOf('module load nodejs')).toBeLessThan(lines.indexOf('worst=0'));
    expect(train!.script).toMatch(/^ {2}srun .* sweep task .*manifest\.json "\$task"$/m);
  });

  it('queues a job again that saved, by its place, and none that failed', async () => {
    const [train] = await plan();
    const run = (code: number, restarts: string): number | null => {
      command('srun', `exit ${code}`);
      command('scontrol', 'echo "$*" >>requeued');
      const env = { SLURM_ARRAY_JOB_ID: '9', SLURM_ARRAY_TASK_ID: '1', SLURM_JOB_ID: '9' };
      const { PATH: path } = process.env;
      const script = train!.script.replace('module load nodejs', '');
      return spawnSync('bash', ['-c', script], {
        env: { PATH: path, ...env, SLURM_RESTART_COUNT: restarts },
      }).status;
    };
    expect([run(75, '0'), run(138, '9')]).toEqual([75, 75]);
    expect(said('requeued')).toEqual(['requeue 9_1', 'requeue 9_1']);
    expect([run(0, '0'), run(1, '0'), run(137, '0'), run(75, '10')]).toEqual([0, 1, 137, 75]);
    expect(said('requeued')).toHaveLength(2);
  });

  it('holds evaluations back, keeps the numbers, and is not submitted twice', async () => {
    const jobs = await submit(sweep, await plan());
    expect(jobs.map(({ job }) => job)).toEqual(['100', '101', '102']);
    expect(said('jobs')[1]).toContain('--dependency=aftercorr:100 --kill-on-invalid-dep=yes');
    expect(await readSubmitted(sweep)).toEqual(jobs);
    writeFileSync(
      pretend.file('queue'),
      '100|0|RUNNING|None\n100|1|PENDING|Resources\n101|0|PENDING|Dependency\n7|0|RUNNING|None\n',
    );
    const queued = await queuedJobs(jobs);
    expect(queued.map(({ array: { job }, place, reason }) => [job, place, reason])).toEqual([
      ['100', 0, 'None'],
      ['100', 1, 'Resources'],
      ['101', 0, 'Dependency'],
    ]);
    // The second training's evaluation is in no job, and must wait until that has ended.
    const { scripts, underWay, later } = await scriptsOf(sweep, options);
    expect(scripts.map(({ array }) => array.packs)).toEqual([[[2]]]);
    expect({ underWay, later }).toEqual({ underWay: 3, later: 1 });
  });

  it('leaves out what is done', async () => {
    await runTask(sweep, sweep.manifest.tasks[0]!, { program: pretend.program });
    expect((await plan()).map(({ array: { packs } }) => packs)).toEqual([[[1]], [[4]], [[2], [3]]]);
  });

  it('is taken back whole where a part is refused', async () => {
    writeFileSync(pretend.file('refuses'), '1');
    await expect(submit(sweep, await plan())).rejects.toThrow(
      'sbatch: sbatch: error: no such partition',
    );
    expect(said('cancelled')).toEqual(['100']);
    expect(await readSubmitted(sweep)).toEqual([]);
  });

  it('can be shown where there is no Slurm, and says so where it is needed', async () => {
    process.env.PATH = join(pretend.path, 'nowhere');
    expect((await scriptsOf(sweep, options, true)).scripts).toHaveLength(3);
    await expect(scriptsOf(sweep, options)).rejects.toThrow('there is no scontrol here');
  });

  it('is cancelled by what the queue still has', async () => {
    await submit(sweep, await plan());
    expect(await cancelJobs(sweep)).toEqual([]);
    writeFileSync(pretend.file('queue'), '101|0|PENDING|Dependency\n101|1|PENDING|Dependency\n');
    expect(await cancelJobs(sweep)).toEqual(['101']);
    expect(said('cancelled')).toEqual(['101']);
  });
});
