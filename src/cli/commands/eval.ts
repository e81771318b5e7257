import type { Argv } from 'yargs';
import { playFolds } from '../../corpus/splits/play-folds.ts';
import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import { routineItems, type Split, splits } from '../../eval/run/run-size.ts';
import { scenePolicies, sceneSettings } from '../../eval/scenes/scene-arms.ts';
import { componentNames } from '../../eval/subject.ts';
import { summaries } from '../../eval/tasks/summaries.ts';
import { sceneTurns } from '../../stage/limits.ts';
import { parseLeverNames, refuseRemoved } from '../../steer/lever-names.ts';
import { usualSeeds } from '../../workspace/scenes/scene-run-options.ts';
import { defineCommand, defineDefault, defineGroup } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { interrupted, terminationSignal } from '../interrupt.ts';
import {
  adapterOptions,
  computeOptions,
  modelOption,
  wholeFrom,
} from '../options/model-options.ts';
import { rpcOptions } from '../options/rpc-options.ts';
import { steerOptions, strengthsFrom } from '../options/steer-options.ts';

/** Whose items: the options that `eval` and `eval items` share. */
const itemOptions = <T>(yargs: Argv<T>, limit: string) =>
  yargs
    .positional('tasks', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'Such as cue voice bits; all of them if none is named',
    })
    .option('character', {
      type: 'string',
      requiresArg: true,
      describe: 'Whom to measure, as in the cast; everybody if left out',
    })
    .option('play', {
      type: 'string',
      requiresArg: true,
      describe:
        'Id from "dramatis plays", or a file; by default the one play that has the character',
    })
    .option('split', {
      choices: splits,
      defaultDescription: `"${splits[0]}"`,
      describe:
        'Which scenes; shadow: a fifth of the train items, never rewarded; all: every scene',
    })
    .option('limit', {
      type: 'string',
      defaultDescription: limit,
      requiresArg: true,
      coerce: (given: string | undefined): number | null | undefined =>
        given === 'all' ? null : wholeFrom('--limit', 1, 1_000_000, '"all"')(given),
      describe: 'Items of each task, at most, the same ones each time; or "all"',
    });

/** Which plays, where it is more than one. */
const canonOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('plays', {
      type: 'string',
      requiresArg: true,
      coerce: listFrom,
      describe: 'Several plays, a,b,c: figures are means over plays, with the sign test',
    })
    .option('canon', {
      type: 'boolean',
      default: false,
      describe: `All plays of "dramatis plays"; --split ${splits.at(-1)} if they are new to the model`,
    })
    .option('play-fold', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--play-fold', 0, playFolds - 1),
      describe: 'With --canon: those of one fold of four, which are held out together',
    });

const evalOptions = (yargs: Argv) =>
  steerOptions(
    canonOptions(
      itemOptions(
        adapterOptions(modelOption(rpcOptions(computeOptions(yargs)))),
        `${routineItems}`,
      ),
    ),
    {
      // Off, but for tasks that ask what is remembered.
      default: undefined,
    },
  )
    .option('folds', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--folds', 5, 5),
      describe: '5: each scene is held out once; an adapter for each, ham-{fold}.gguf',
    })
    .option('persona', {
      type: 'boolean',
      default: true,
      describe: 'Tell the model whom it speaks as; --no-persona leaves it out',
    })
    .option('steer-scores', {
      type: 'boolean',
      default: false,
      describe: 'Bend what is scored too, token by token; --ablate of a lever does',
    })
    .option('ablate', {
      type: 'string',
      requiresArg: true,
      describe: `Take away and put on one by one: ${componentNames.join(',')}`,
    })
    .option('alone', {
      type: 'boolean',
      default: false,
      describe: 'With --ablate: only put on one by one, which is half the runs',
    })
    .option('endpoint', {
      type: 'string',
      requiresArg: true,
      describe: 'URL of an OpenAI-compatible server whose model answers instead',
    })
    .option('anchors', {
      type: 'boolean',
      default: true,
      describe: 'Ask what tests the measure, too; --no-anchors asks the model alone',
    })
    .option('json', {
      type: 'string',
      requiresArg: true,
      describe: 'Write the results to this file, with FILE.rows.jsonl and FILE.run.json beside it',
    })
    .option('fresh', {
      type: 'boolean',
      default: false,
      describe: 'Begin anew where a run that was cut would be gone on with',
    })
    .option('questions', {
      type: 'string',
      requiresArg: true,
      describe: 'Ask those of this file, with know: all, in every scene, unless told otherwise',
    })
    .example('$0 eval --character hamlet', 'Every task on the scenes held out')
    .example('$0 eval cue voice --model gemma3-270m --play macbeth', '')
    .example('$0 eval --character hamlet --adapter ham.gguf --json ham.json', '')
    .example('$0 eval bits --character hamlet --ablate persona,memory', 'What each part buys')
    .example('$0 eval who --canon --play-fold 0 --split all', 'On plays never trained on')
    .example('$0 eval duet --play hamlet --transcript talk.jsonl', 'A conversation, measured')
    .example('$0 eval know --questions mine.jsonl --json know.json', 'Facts, asked and keyed')
    .option('run', {
      type: 'boolean',
      default: false,
      describe: 'With duet, quartet: let characters talk among themselves, and measure that',
    })
    .option('policies', {
      type: 'string',
      requiresArg: true,
      coerce: listFrom,
      describe: `With --run: who chooses the speaker, beside ${scenePolicies[0]}: ${scenePolicies.slice(1).join(',')}`,
    })
    .option('settings', {
      type: 'string',
      requiresArg: true,
      coerce: listFrom,
      describe: `With --run: one difference each, beside the default: ${sceneSettings.slice(1).join(',')}`,
    })
    .option('seeds', {
      type: 'string',
      requiresArg: true,
      defaultDescription: String(usualSeeds),
      coerce: wholeFrom('--seeds', 1, 100),
      describe: 'With --run: scenes of each situation',
    })
    .option('turns', {
      type: 'string',
      requiresArg: true,
      defaultDescription: String(sceneTurns),
      coerce: wholeFrom('--turns', 3, 1000),
      describe: 'With --run: turns of each scene',
    })
    .option('seconds', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--seconds', 1, 1_000_000),
      describe: 'With --run: begin no scene after so long; the same command goes on',
    })
    .option('at-once', {
      type: 'string',
      requiresArg: true,
      defaultDescription: '1',
      coerce: wholeFrom('--at-once', 1, 16),
      describe: 'With --run: scenes that are played at once, in steps that they share',
    })
    .example('$0 eval duet quartet --run --json scenes.json', 'Scenes, played and measured')
    .example('$0 eval quartet --run --policies round-robin,aba --limit 5', '')
    .option('transcript', {
      type: 'string',
      requiresArg: true,
      describe:
        'Measure this conversation with duet or quartet; with --model also how far turns answer each other, how surprising they are, and what they mean',
    });

const compare = defineCommand({
  command: 'compare <a> <b>',
  describe: 'What is better in B than in A, item by item, and what is not certain',
  builder: (yargs: Argv) =>
    yargs
      .positional('a', { type: 'string', demandOption: true, describe: 'Results of a run' })
      .positional('b', { type: 'string', demandOption: true, describe: 'Results of another' })
      .option('json', { type: 'boolean', default: false, describe: 'Print one object instead' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Write the object to this file, beside what is printed',
      })
      .option('across-machines', {
        type: 'boolean',
        default: false,
        describe: 'Compare runs of two kinds of processor or device, whose sums are rounded apart',
      })
      .example('$0 eval compare before.json after.json --json', '')
      .example('$0 eval compare before.json after.json --out difference.json', ''),
  async handler({ a, b, json, out, acrossMachines }) {
    const { runCompare } = await import('./run-compare.ts');
    await runCompare({ a, b, json, out, acrossMachines });
  },
});

const items = defineCommand({
  command: 'items [tasks..]',
  describe: 'Print the items of tasks, a JSON object a line',
  builder: (yargs: Argv) =>
    itemOptions(yargs, 'all').option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Open no socket',
    }),
  async handler(given) {
    const { runItems } = await import('./run-items.ts');
    const { split = splits[0], limit } = given;
    await runItems({ ...given, split, limit: limit ?? undefined, signal: interrupted() });
  },
});

const power = defineCommand({
  command: 'power [tasks..]',
  describe: 'Before a run: what difference it could tell, from its items; asks no model',
  builder: (yargs: Argv) =>
    canonOptions(itemOptions(yargs, 'all'))
      .option('alike', {
        type: 'number',
        default: 0.9,
        requiresArg: true,
        describe: 'How alike two models answer an item: correlation, 0 to below 1',
      })
      .option('offline', { type: 'boolean', default: false, describe: 'Open no socket' })
      .option('json', { type: 'boolean', default: false, describe: 'Print an array instead' })
      .example('$0 eval power who stage --play hamlet', 'What the held-out scenes can tell')
      .example('$0 eval power who --canon --play-fold 0 --split all', 'Ten whole plays')
      .example('$0 eval power who --canon --split all --limit 100 --json', '')
      .epilogue(
        'worth: items that would tell as much if they were independent. off floor, two models: the least difference that 80 of 100 runs would see; – where none can be.',
      ),
  async handler(given) {
    if (!(given.alike >= 0 && given.alike < 1))
      throw new UsageError(`--alike is from 0 to below 1, not ${given.alike}`);
    requireUsedPlays(given);
    const { runPower } = await import('./run-power.ts');
    const { limit, 'play-fold': playFold } = given;
    await runPower({ ...given, playFold, limit: limit ?? undefined, signal: interrupted() });
  },
});

const report = defineCommand({
  command: 'report <results..>',
  describe: 'A page with figures from the results of one or several runs',
  builder: (yargs: Argv) =>
    yargs
      .positional('results', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'Files that "dramatis eval --json" or "dramatis sweep gather" wrote; those of --run by themselves',
      })
      .option('out', {
        type: 'string',
        default: 'bench-report',
        requiresArg: true,
        describe: 'Folder for report.html, report.csv, report.json and the figures',
      }),
  async handler({ results, out }) {
    const { runReport } = await import('./run-report.ts');
    await runReport({ results, out });
  },
});

const taskList = Object.entries(summaries)
  .map(([name, summary]) => `  ${name.padEnd(10)} ${summary}`)
  .join('\n');

const measure = defineDefault({
  positionals: '[tasks..]',
  describe: 'Measure how well a model speaks in character, and compare',
  builder: (yargs: Argv) => evalOptions(yargs).epilogue(`Tasks:\n${taskList}`),
  async handler(given) {
    requireUsed(given);
    if (given.run) {
      const { runScenes } = await import('./run-scenes.ts');
      await runScenes({ ...given, ...sceneChoice(given), out: given.json, signal: interrupted() });
      return;
    }
    if (given.canon || given.plays !== undefined) {
      const { runCanonEval } = await import('./run-canon.ts');
      requireCanon(given);
      await runCanonEval({
        ...given,
        playFold: given['play-fold'],
        steer: parseLeverNames(given.steer),
        ...strengthsFrom(given),
        out: given.json,
        signal: terminationSignal(),
      });
      return;
    }
    const { runEval } = await import('./run-eval.ts');
    await runEval({
      ...given,
      steer: parseLeverNames(given.steer),
      ablate: componentsFrom(given.ablate),
      ...strengthsFrom(given),
      out: given.json,
      signal: terminationSignal(),
    });
  },
});

export const evaluation = defineGroup({
  name: 'eval',
  describe: 'Measure how well a model speaks in character, and compare',
  commands: [measure, compare, items, power, report],
});

const listFrom = (given: string | undefined): readonly string[] | undefined =>
  given?.split(',').map((name) => name.trim());

/** @throws {UsageError} For what `--run` does not go with. */
function sceneChoice({
  split,
  limit,
  ...given
}: {
  readonly split?: Split | undefined;
  readonly limit?: number | null | undefined;
  readonly character?: unknown;
  readonly transcript?: unknown;
  readonly endpoint?: unknown;
  readonly ablate?: unknown;
  readonly folds?: unknown;
  readonly questions?: unknown;
  readonly adapter?: unknown;
  readonly memory?: unknown;
  readonly steer: string;
}): { readonly split: SplitPart | undefined; readonly limit: number | undefined } {
  const wrong = notWithRun.find((name) => given[name] !== undefined);
  const name = wrong ?? (given.steer === 'on' ? undefined : 'steer');
  if (name !== undefined)
    throw new UsageError(`--run does not go with --${name}; --settings has what can differ`);
  if (split === 'shadow') throw new UsageError('--run has no situations of --split shadow');
  return { split: split === 'all' ? undefined : split, limit: limit ?? undefined };
}

const notWithRun = [
  'character',
  'transcript',
  'endpoint',
  'ablate',
  'folds',
  'questions',
  'adapter',
  'memory',
] as const;

/** @throws {UsageError} If plays are named in two ways, or a fold of none. */
function requireUsedPlays(given: {
  readonly canon: boolean;
  readonly plays?: unknown;
  readonly 'play-fold'?: unknown;
  readonly character?: unknown;
  readonly play?: unknown;
}): void {
  const { canon, plays } = given;
  if (given['play-fold'] !== undefined && !canon)
    throw new UsageError('--play-fold is for --canon, not given here');
  if (canon && plays !== undefined)
    throw new UsageError('--canon has all plays: --plays does not go with it');
  if (!canon && plays === undefined) return;
  const wrong = (['character', 'play'] as const).find((name) => given[name] !== undefined);
  if (wrong !== undefined)
    throw new UsageError(`several plays are asked about: --${wrong} does not go with it`);
}

/** @throws {UsageError} For what does not go with several plays. */
function requireCanon(given: {
  readonly run: boolean;
  readonly folds?: unknown;
  readonly questions?: unknown;
  readonly transcript?: unknown;
  readonly ablate?: unknown;
}): void {
  const wrong = notWithCanon.find((name) => given[name] !== undefined);
  const name = wrong ?? (given.run ? 'run' : undefined);
  if (name !== undefined)
    throw new UsageError(`several plays are asked about: --${name} does not go with it`);
}

const notWithCanon = ['folds', 'questions', 'transcript', 'ablate'] as const;

/** Options that would do nothing in such a run are a mistake, not a wish. */
function requireUsed(given: {
  readonly ablate?: unknown;
  readonly alone: boolean;
  readonly fresh: boolean;
  readonly folds?: unknown;
  readonly split?: unknown;
  readonly transcript?: unknown;
  readonly run: boolean;
  readonly canon: boolean;
  readonly plays?: unknown;
  readonly 'play-fold'?: unknown;
  readonly character?: unknown;
  readonly play?: unknown;
  readonly policies?: unknown;
  readonly settings?: unknown;
  readonly seeds?: unknown;
  readonly turns?: unknown;
  readonly seconds?: unknown;
  readonly 'at-once'?: unknown;
}): void {
  const { ablate, alone, fresh, folds, split, transcript, run } = given;
  for (const name of ['policies', 'settings', 'seeds', 'turns', 'seconds', 'at-once'] as const)
    if (given[name] !== undefined && !run)
      throw new UsageError(`--${name} is for --run, not given here`);
  requireUsedPlays(given);
  if (alone && ablate === undefined)
    throw new UsageError('--alone is for --ablate, not given here');
  if (fresh && (ablate !== undefined || transcript !== undefined))
    throw new UsageError(
      '--fresh is not for --ablate or --transcript: they keep nothing to go on with',
    );
  if (folds !== undefined && split !== undefined)
    throw new UsageError('--folds asks about every scene: --split does not go with it');
}

function componentsFrom(given: string | undefined) {
  if (given === undefined) return undefined;
  const names = given.split(',').map((name) => name.trim());
  refuseRemoved(names);
  const wrong = names.find((name) => !componentNames.some((component) => component === name));
  if (wrong !== undefined)
    throw new UsageError(`--ablate has "${wrong}"; there are ${componentNames.join(', ')}`);
  return componentNames.filter((component) => names.includes(component));
}
