import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted, terminationSignal } from '../interrupt.ts';
import { fetchOptions, wholeFrom } from '../options/model-options.ts';

/** Exit code of a task that was asked to end, has saved what it had, and goes on when it is run again: EX_TEMPFAIL of sysexits.h. */
const savedCode = 75;

const studyExample = `A study, all of whose combinations are run:
  {
    "models": ["smollm2-135m"],           ids, paths or hf: URIs
    "play": "hamlet",                     left out: the one play that has the character
    "characters": ["hamlet", "ophelia"],  or {"name": "lady macbeth", "play": "macbeth"}
    "recipes": {"none": null,             null: the model as it is
                "small": {"rank": 4, "epochs": 1}},  options of "dramatis train"
    "seeds": [1, 2, 3],                   of the training; [0] if left out
    "folds": 5,                           if given: five adapters, each scene held out once
    "levers": ["off", "on"],              as for "dramatis eval --steer"
    "trained": ["smollm2-135m"],          models that recipes train; all if left out
    "tasks": ["bits voice", "cue"],       one evaluation each
    "scenes": {"tasks": "duet quartet", "limit": 4},  of each model: "eval --run"
    "speed": {"benches": "speed train"},  of each model: "dramatis bench"
    "eval": {"limit": 50},                options of "dramatis eval"
    "resources": {"train": {"cpus": 4, "gpus": 0, "memMiB": 6000, "minutes": 120},
                  "eval": {"cpus": 2, "memMiB": 3000, "minutes": 60}}
  }`;

/** The manifest of a sweep, for the commands that read one. */
export const manifestPositional = <T>(yargs: Argv<T>) =>
  yargs.positional('manifest', {
    type: 'string',
    demandOption: true,
    describe: 'Folder that "dramatis sweep plan" made, or its manifest.json',
  });

const json = { type: 'boolean', default: false } as const;

/** Options of whatever plans a study. */
const planOptions = <T>(yargs: Argv<T>) =>
  fetchOptions(yargs)
    .positional('study', { type: 'string', demandOption: true, describe: 'The study, a JSON file' })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for the manifest and all that comes out; by default study/ for study.json',
    });

const plan = defineCommand({
  command: 'plan <study>',
  describe: 'Fetch and check what a study needs, and write down its tasks',
  builder: (yargs: Argv) =>
    planOptions(yargs)
      .option('json', { ...json, describe: 'Print the manifest' })
      .example('$0 sweep plan study.json', 'Makes study/manifest.json')
      .epilogue(studyExample),
  async handler(given) {
    const { runSweepPlan } = await import('./run-sweep-plan.ts');
    await runSweepPlan({ ...given, signal: interrupted() });
  },
});

const run = defineCommand({
  command: 'run <manifest>',
  describe: 'Run what is not done, here; the same command goes on after Ctrl-C or kill -9',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .option('jobs', {
        type: 'string',
        default: 1,
        requiresArg: true,
        coerce: wholeFrom('--jobs', 1, 1024),
        describe: 'Tasks at once; each takes the processors and the memory that the study says',
      })
      .option('json', { ...json, describe: 'Print every event as a JSON object a line' })
      .example('$0 sweep run study', 'One task after another')
      .example('$0 sweep run study --jobs 4', 'On a workstation with 8 cores, for tasks of 2 each'),
  async handler(given) {
    const { runSweepRun } = await import('./run-sweep-run.ts');
    await runSweepRun({ ...given, jobs: given.jobs!, signal: terminationSignal() });
  },
});

const task = defineCommand({
  command: 'task <manifest> <task>',
  describe: 'Run one task, as a batch system does; exit 75: saved, run it again',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .positional('task', {
        type: 'string',
        demandOption: true,
        describe: 'Its place in the manifest, from 0, or its id',
      })
      .option('json', { ...json, describe: 'Print {label, outcome, attempts, seconds, …}' })
      .example('$0 sweep task study 17', ''),
  async handler(given) {
    const { runSweepTask } = await import('./run-sweep-task.ts');
    await runSweepTask({ ...given, savedCode, signal: terminationSignal(savedCode) });
  },
});

const status = defineCommand({
  command: 'status <manifest>',
  describe: 'Where every task stands, by the files alone',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .option('verify', {
        type: 'boolean',
        default: false,
        describe: 'Read every file again and compare its hash, in place of its length alone',
      })
      .option('json', { ...json, describe: 'Print {counts, tasks: [{label, state, …}]}' })
      .example('$0 sweep status study', '')
      .example('$0 sweep status study --verify', 'After files may have been purged or damaged'),
  async handler(given) {
    const { runSweepStatus } = await import('./run-sweep-status.ts');
    await runSweepStatus(given);
  },
});

const gather = defineCommand({
  command: 'gather <manifest>',
  describe: 'Put all results into one table, gathered.csv and gathered.json',
  builder: (yargs: Argv) =>
    manifestPositional(yargs)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder for the table; that of the manifest unless given',
      })
      .option('across-machines', {
        type: 'boolean',
        default: false,
        describe: 'Let results of several kinds of processor or device stand side by side',
      })
      .option('json', { ...json, describe: 'Print the table' })
      .example('$0 sweep gather study', '')
      .example('$0 eval report study/gathered.json', 'A page with figures of all its runs'),
  async handler(given) {
    const { runSweepGather } = await import('./run-sweep-gather.ts');
    await runSweepGather(given);
  },
});

export const sweep = defineGroup({
  name: 'sweep',
  describe: 'Train and evaluate many combinations, on this machine or by a batch system',
  commands: [plan, run, task, status, gather],
});
