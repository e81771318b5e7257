import type { Argv, CommandModule } from 'yargs';
import { exportNames } from '../../stage/export/export-names.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { numberFrom, wholeFrom } from '../options/model-options.ts';

export const scenePositional = <T>(yargs: Argv<T>, name: 'scene' | 'other' = 'scene') =>
  yargs.positional(name, {
    type: 'string',
    demandOption: true,
    describe: 'Id of a scene, the start of it, the path of its file, or "latest"',
  });

const jsonOption = <T>(yargs: Argv<T>, describe: string) =>
  yargs.option('json', { type: 'boolean', default: false, describe });

const list = defineCommand({
  command: 'list',
  describe: 'List the scenes here, the last one first',
  builder: (yargs: Argv) => jsonOption(yargs, 'Print an array of scenes'),
  async handler({ json }) {
    const { runList } = await import('../stage/run-list.ts');
    await runList({ json });
  },
});

const watch = defineCommand({
  command: 'watch <scene>',
  describe: 'Show a scene while another process plays it',
  builder: (yargs: Argv) =>
    scenePositional(jsonOption(yargs, "Print the journal's own records, one a line"))
      .example('$0 stage watch latest', '')
      .example(
        '$0 stage watch http://127.0.0.1:4870/api/conversations/3f9ac0',
        'Of a server; DRAMATIS_API_KEY has its key',
      ),
  async handler({ scene, json }) {
    const { runWatch } = await import('../stage/run-replay.ts');
    await runWatch({ scene, json, signal: interrupted() });
  },
});

const replay = defineCommand({
  command: 'replay <scene>',
  describe: 'Show a scene again, or check that it comes out as it was written down',
  builder: (yargs: Argv) =>
    scenePositional(jsonOption(yargs, "Print the journal's own records, one a line"))
      .option('speed', {
        type: 'string',
        default: 'max' as number | 'max',
        requiresArg: true,
        coerce: (given: string | number): number | 'max' =>
          given === 'max' ? 'max' : numberFrom('--speed', 0.01, 1000, '"max"')(given)!,
        describe: 'How many times as fast as it was played, or "max"',
      })
      .option('check', {
        choices: ['derive', 'again'] as const,
        describe:
          'derive: work out views, prompts, draws and alarms again; again: let the model speak again',
      })
      .option('play', {
        type: 'string',
        requiresArg: true,
        describe: 'File of its play, for one that is in no catalogue',
      })
      .example('$0 stage replay latest --speed 1', 'As it was played')
      .example('$0 stage replay 3f9ac0 --check derive', 'On any machine')
      .example('$0 stage replay 3f9ac0 --check again', 'On a machine of the same kind'),
  async handler({ scene, json, speed, check, play }) {
    const { runCheck } = await import('../stage/run-check.ts');
    const { runReplay } = await import('../stage/run-replay.ts');
    const signal = interrupted();
    if (check === undefined)
      await runReplay({
        ...{ scene, json, signal },
        speed: speed === 'max' ? Number.POSITIVE_INFINITY : speed,
      });
    else await runCheck({ scene, check, json, play, signal });
  },
});

const log = defineCommand({
  command: 'log <scene>',
  describe: 'Print every event of a scene, or what can be counted of it',
  builder: (yargs: Argv) =>
    scenePositional(jsonOption(yargs, "Print the journal's own records, one a line"))
      .option('kind', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'Only events of this kind: turn, next, view, struck, alarm …',
      })
      .option('by', {
        type: 'string',
        requiresArg: true,
        describe: 'Only what this one of the cast does, or what is done by "director", "human" …',
      })
      .option('grep', {
        type: 'string',
        requiresArg: true,
        describe: 'Only events with this in their record; letters of either case',
      })
      .option('follow', {
        type: 'boolean',
        default: false,
        describe: 'Wait for more until the scene ends',
      })
      .option('stats', {
        type: 'boolean',
        default: false,
        describe: 'Count instead: turns and words, what was struck, alarms, speed',
      })
      .example('$0 stage log latest --kind struck alarm', 'What went wrong')
      .example('$0 stage log latest --stats', ''),
  async handler({ scene, json, kind, by, grep, follow, stats }) {
    const { runLog } = await import('../stage/run-log.ts');
    await runLog({ scene, json, kinds: kind, by, grep, follow, stats, signal: interrupted() });
  },
});

const exported = defineCommand({
  command: 'export <scene>',
  describe: 'Write a scene down for readers or for other programs',
  builder: (yargs: Argv) =>
    scenePositional(yargs)
      .option('to', {
        choices: exportNames,
        demandOption: true,
        describe: 'Format: Markdown, Fountain, TEI, JSON, chat messages of two kinds, a page',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write; stdout if left out',
      })
      .example('$0 stage export latest --to md', '')
      .example('$0 stage export 3f9ac0 --to html --out scene.html', ''),
  async handler({ scene, to, out }) {
    const { runExport } = await import('../stage/run-export.ts');
    await runExport({ scene, to, out });
  },
});

const fork = defineCommand({
  command: 'fork <scene>',
  describe: 'Begin a scene with all that happened in another up to an event',
  builder: (yargs: Argv) =>
    scenePositional(jsonOption(yargs, 'Print one object with the new id'))
      .option('at', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--at', 1, 2 ** 31),
        describe: 'Number of its last event, as "stage log" shows it; the last one if left out',
      })
      .option('seed', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--seed', 0, 2 ** 32 - 1),
        describe: 'Of the draws from there on; drawn if not given',
      })
      .example('$0 stage fork latest --at 12', 'Then: $0 stage resume latest'),
  async handler({ scene, at, seed, json }) {
    const { runFork } = await import('../stage/run-fork.ts');
    await runFork({ scene, at, seed, json });
  },
});

const diff = defineCommand({
  command: 'diff <scene> <other>',
  describe:
    'What two scenes were opened with otherwise, and their turns from the first that differs',
  builder: (yargs: Argv) =>
    scenePositional(
      scenePositional(jsonOption(yargs, 'Print one object with the differences')),
      'other',
    ).example('$0 stage diff 3f9ac0 81be22', ''),
  async handler({ scene, other, json }) {
    const { runDiff } = await import('../stage/run-diff.ts');
    await runDiff({ scene, other: String(other), json });
  },
});

/** What is done with scenes that are kept. */
export const keptScenes: readonly CommandModule[] = [
  list,
  watch,
  replay,
  log,
  exported,
  fork,
  diff,
];
