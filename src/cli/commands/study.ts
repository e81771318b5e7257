import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted, terminationSignal } from '../interrupt.ts';
import { fetchOptions, wholeFrom } from '../options/model-options.ts';

const json = { type: 'boolean', default: false } as const;

/** Where a study lies: one option of all its commands. */
const folderOptions = <T>(yargs: Argv<T>) =>
  yargs
    .positional('folder', {
      type: 'string',
      defaultDescription: 'study, or small-study with --small',
      describe: 'Folder of the study and of all that comes out',
    })
    .option('small', {
      type: 'boolean',
      default: false,
      describe: 'The study that two cores do in forty minutes',
    });

const folderOf = ({ folder, small }: { folder?: string | undefined; small: boolean }): string =>
  folder ?? (small ? 'small-study' : 'study');

const plan = defineCommand({
  command: 'plan [folder]',
  describe: 'Write the study down, with what each of its tasks costs in minutes',
  builder: (yargs: Argv) =>
    folderOptions(fetchOptions(yargs))
      .option('models', {
        type: 'string',
        requiresArg: true,
        coerce: (given: string | undefined) => given?.split(',').map((name) => name.trim()),
        describe: 'These models in place of those of the study, a,b',
      })
      .option('cpus', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--cpus', 1, 1024),
        describe:
          'Threads of each task: sums of other threads differ in their last digits; 2 unless given',
      })
      .option('json', {
        ...json,
        describe: 'Print {manifest, costs: {id: {minutes, basis}}, power: [{task, model, …}]}',
      })
      .example('$0 study plan --small', 'Makes small-study/study.json and manifest.json')
      .example('$0 study plan --models smollm2-135m,my.gguf', '')
      .example('$0 study plan one --small --cpus 1', 'For a machine, or a share of it, of one core')
      .epilogue(
        'The full study has a model whose licence must be accepted: --accept-licence, or other --models. ' +
          'study.json may be changed before anything is run: "dramatis sweep plan FOLDER/study.json --out FOLDER".',
      ),
  async handler(given) {
    const { runStudyPlan } = await import('./run-study-plan.ts');
    await runStudyPlan({ ...given, folder: folderOf(given), signal: interrupted() });
  },
});

const run = defineCommand({
  command: 'run [folder]',
  describe: 'Run what is not done, here; the same command goes on after Ctrl-C or kill -9',
  builder: (yargs: Argv) =>
    folderOptions(yargs)
      .option('jobs', {
        type: 'string',
        default: 1,
        requiresArg: true,
        coerce: wholeFrom('--jobs', 1, 1024),
        describe: 'Tasks at once',
      })
      .option('json', { ...json, describe: 'Print every event as a JSON object a line' })
      .example('$0 study run --small', ''),
  async handler(given) {
    const { runSweepRun } = await import('./run-sweep-run.ts');
    await runSweepRun({
      ...{ manifest: folderOf(given), json: given.json },
      ...{ jobs: given.jobs!, signal: terminationSignal() },
    });
  },
});

const status = defineCommand({
  command: 'status [folder]',
  describe: 'Where every task stands, and how many minutes are left',
  builder: (yargs: Argv) =>
    folderOptions(yargs)
      .option('json', { ...json, describe: 'Print {counts, minutesLeft, tasks: [{label, …}]}' })
      .example('$0 study status --small', ''),
  async handler(given) {
    const { runStudyStatus } = await import('./run-study-status.ts');
    await runStudyStatus({ folder: folderOf(given), json: given.json, signal: interrupted() });
  },
});

export const study = defineGroup({
  name: 'study',
  describe:
    'The study of the report: small and large models, prompted and trained, alone and in scenes',
  commands: [plan, run, status],
});
