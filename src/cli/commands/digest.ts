import type { Argv } from 'yargs';
import { defineCommand, defineDefault, defineGroup } from '../define-command.ts';
import { interrupted, terminationSignal } from '../interrupt.ts';
import { computeOptions, fetchOptions, modelOption } from '../options/model-options.ts';

const playPositional = <T>(yargs: Argv<T>) =>
  yargs.positional('play', {
    type: 'string',
    demandOption: true,
    describe: 'Id from "dramatis plays", or a file',
  });

const draft = defineDefault({
  positionals: '<play>',
  describe: 'Draft facts of a play with a model, scene by scene, to be corrected by hand',
  builder: (yargs: Argv) =>
    playPositional(modelOption(computeOptions(yargs)))
      .option('scenes', {
        type: 'string',
        requiresArg: true,
        coerce: (given: string): string[] => String(given).split(','),
        describe: 'Such as 1.1,1.2; all of them by default',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write; by default ID.jsonl in the folder "digests" of "dramatis env"',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Draft finished scenes anew, and give up lines that were changed by hand',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print an event a line' })
      .example('$0 digest othello --scenes 5.2', 'One scene, into the folder of digests'),
  async handler(given) {
    const { runDraft } = await import('./run-digest-draft.ts');
    await runDraft({ ...given, signal: terminationSignal() });
  },
});

const check = defineCommand({
  command: 'check <file>',
  describe: 'Name every line of a digest file that is wrong; exit 1 if one is',
  builder: (yargs: Argv) =>
    fetchOptions(yargs)
      .positional('file', { type: 'string', demandOption: true, describe: 'A .jsonl file' })
      .option('play', {
        type: 'string',
        requiresArg: true,
        describe: 'Id or file of the play; by default the one that the file names',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print {title, digests, isRelocated, faults: [{line, message, remedy}]}',
      })
      .example('$0 digest check my-play.digests.jsonl --play my-play.md', ''),
  async handler(given) {
    const { runDigestCheck } = await import('./run-digest.ts');
    await runDigestCheck({ ...given, signal: interrupted() });
  },
});

const show = defineCommand({
  command: 'show <play>',
  describe: 'Print the facts of a play, or those that somebody knows at a place',
  builder: (yargs: Argv) =>
    playPositional(fetchOptions(yargs))
      .option('as', {
        type: 'string',
        requiresArg: true,
        describe: 'Name in the cast: what this character knows, in its own words',
      })
      .option('at', {
        type: 'string',
        requiresArg: true,
        describe: 'Point in the story, such as 3.1; what is learnt later is not shown',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print an array of {id, place, text, way, since, by}',
      })
      .example('$0 digest show hamlet --as ophelia --at 3.1', ''),
  async handler(given) {
    const { runDigestShow } = await import('./run-digest.ts');
    await runDigestShow({ ...given, signal: interrupted() });
  },
});

export const digest = defineGroup({
  name: 'digest',
  describe: 'What happens in a play, and who knows it: draft, check and show such facts',
  commands: [draft, check, show],
});
