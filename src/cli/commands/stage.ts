import type { Argv } from 'yargs';
import { policies } from '../../stage/events.ts';
import { sceneTurns } from '../../stage/limits.ts';
import { defineCommand, defineDefault, defineGroup } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { wholeFrom } from '../options/model-options.ts';
import { companyFrom, companyOptions } from '../options/stage-options.ts';
import { keptScenes, scenePositional } from './stage-kept.ts';

const sceneOptions = (yargs: Argv) =>
  companyOptions(yargs)
    .positional('names', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'Names in the cast, such as hamlet "lady macbeth"; all who are at --at if left out',
    })
    .option('at', {
      type: 'string',
      requiresArg: true,
      describe: 'Where in the play it begins, such as 3.1 or 3.1.56; what comes after is not known',
    })
    .option('situation', {
      type: 'string',
      requiresArg: true,
      describe: 'What is going on, in words',
    })
    .option('force', {
      type: 'boolean',
      default: false,
      describe: 'Bring on also who cannot be there by the play',
    })
    .option('turns', {
      type: 'string',
      defaultDescription: String(sceneTurns),
      requiresArg: true,
      coerce: wholeFrom('--turns', 1, 100_000),
      describe: 'Turns until the scene ends',
    })
    .option('director', {
      choices: policies,
      defaultDescription: `"${policies[0]}"; "script" where all parts are a script's`,
      describe: 'How the next speaker is chosen',
    })
    .option('address', {
      type: 'boolean',
      default: false,
      describe: 'Choose, too, whom each turn is meant for',
    })
    .option('human', {
      type: 'string',
      array: true,
      nargs: 1,
      describe: 'One of the cast whom you speak',
    })
    .option('script', {
      type: 'string',
      requiresArg: true,
      describe: 'File of lines that are said as they stand: a scene, a play, or JSON lines',
    })
    .option('drafts', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--drafts', 1, 16),
      describe: 'Drafts for each turn, of which the best is said',
    })
    .option('max-tokens', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--max-tokens', 1, 4096),
      describe: 'Longest turn, in tokens',
    })
    .option('seed', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--seed', 0, 2 ** 32 - 1),
      describe: 'Of all draws: the same seed gives the same scene; drawn if not given',
    })
    .example('$0 stage hamlet ophelia claudius gertrude --at 3.1', 'Where the play has them')
    .example('$0 stage macbeth "lady macbeth" --at 2.2 --turns 12 --seed 7', '')
    .example('$0 stage hamlet ophelia --situation "They meet by night."', 'At no place of it')
    .example('$0 stage hamlet gertrude --at 3.4 --human gertrude', 'You are Gertrude')
    .example('$0 stage --play hamlet --at 1.1 --json', 'All who are there, for a program')
    .example('$0 stage hamlet ophelia --adapter ophelia=none --director random', '')
    .example('$0 stage replay latest --check derive', 'Work the last scene out again')
    .example('$0 stage export latest --to fountain --out scene.fountain', '');

const perform = defineDefault({
  positionals: '[names..]',
  describe: 'Let characters talk among themselves',
  builder: sceneOptions,
  async handler(given) {
    const { runStage } = await import('../stage/run-stage.ts');
    const { names, human, turns, seconds, director, address } = given;
    await runStage({
      ...given,
      ...companyFrom(given),
      ...{ names, humans: human, policy: director, isAddressing: address },
      limits: { ...(turns !== undefined && { turns }), time: seconds },
      signal: interrupted(),
    });
  },
});

const resume = defineCommand({
  command: 'resume <scene>',
  describe: 'Go on with a scene that was paused, or has ended',
  builder: (yargs: Argv) =>
    scenePositional(companyOptions(yargs))
      .option('turns', {
        type: 'string',
        requiresArg: true,
        coerce: wholeFrom('--turns', 1, 100_000),
        describe: 'So many turns more; by default as many as were left, or as it was to have',
      })
      .option('director', {
        choices: policies,
        describe: 'How the next speaker is chosen from now on; as before if left out',
      })
      .example('$0 stage resume latest --turns 6', ''),
  async handler(given) {
    const { runResume } = await import('../stage/run-stage.ts');
    await runResume({
      ...given,
      ...companyFrom(given),
      policy: given.director,
      signal: interrupted(),
    });
  },
});

export const stage = defineGroup({
  name: 'stage',
  describe: 'Let characters talk among themselves: watch, take part, replay, export',
  commands: [perform, resume, ...keptScenes],
});
