import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { fetchOptions, wholeFrom } from '../options/model-options.ts';
import { manifestPositional } from './sweep.ts';

const json = { type: 'boolean', default: false } as const;

const submit = defineCommand({
  command: 'submit <study>',
  describe: 'Submit what is not done of a study; everything it reads is fetched and checked here',
  builder: (yargs: Argv) =>
    fetchOptions(yargs)
      .positional('study', {
        type: 'string',
        demandOption: true,
        describe: 'A study, as "dramatis sweep plan" takes it, or the folder that it made',
      })
      .option('sbatch', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe:
          'Options of sbatch, such as --sbatch="--partition=gpu --account=abc"; as they are',
      })
      .option('prologue', {
        type: 'string',
        requiresArg: true,
        describe: 'File of shell that runs before the tasks, such as "module load nodejs"',
      })
      .option('at-once', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--at-once', 1, 1_000_000),
        describe: 'Jobs of an array that run at once, at most',
      })
      .option('pack', {
        type: 'string',
        requiresArg: true,
        default: 0,
        coerce: wholeFrom('--pack', 0, 100_000),
        describe: 'Minutes that short evaluations are put together to, in one job',
      })
      .option('grace', {
        type: 'string',
        requiresArg: true,
        default: 180,
        coerce: wholeFrom('--grace', 1, 65_535),
        describe: 'Seconds before the end of its time at which a job saves; it goes on in another',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Print the scripts; submit nothing, ask no Slurm',
      })
      .option('json', { ...json, describe: 'Print {jobs: [{job, name, packs}], underWay, later}' })
      .example('$0 slurm submit study.json --dry-run', 'What would be submitted')
      .example('$0 slurm submit study.json --sbatch="-p gpu -A abc"', '')
      .example('$0 slurm submit study', 'Again: what failed or was lost, nothing else')
      .epilogue(
        'What a site always wants stands in slurm.json in the folder "config" of "dramatis env":\n' +
          '  {"sbatch": ["--account=abc"], "prologue": "module load nodejs"}',
      ),
  async handler(given) {
    const { runSlurmSubmit } = await import('./run-slurm-submit.ts');
    await runSlurmSubmit({
      ...given,
      graceSeconds: given.grace!,
      pack: given.pack!,
      atOnce: given.atOnce,
      isDry: given.dryRun,
      signal: interrupted(),
    });
  },
});

const status = defineCommand({
  command: 'status <manifest>',
  describe: 'Where every task stands, and which jobs the queue has; sacct is not asked',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .option('json', {
        ...json,
        describe: 'Print {counts, tasks, jobs: [{job, place, state, …}]}',
      })
      .example('$0 slurm status study', ''),
  async handler(given) {
    const { runSlurmStatus } = await import('./run-slurm-status.ts');
    await runSlurmStatus({ ...given, signal: interrupted() });
  },
});

const cancel = defineCommand({
  command: 'cancel <manifest>',
  describe: 'Cancel the jobs of a sweep; what they had saved stays',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .option('json', { ...json, describe: 'Print {cancelled: [job, …]}' })
      .example('$0 slurm cancel study', ''),
  async handler(given) {
    const { runSlurmCancel } = await import('./run-slurm-cancel.ts');
    await runSlurmCancel({ ...given, signal: interrupted() });
  },
});

export const slurm = defineGroup({
  name: 'slurm',
  describe: 'Run a sweep as jobs of a Slurm cluster',
  commands: [submit, status, cancel],
});
