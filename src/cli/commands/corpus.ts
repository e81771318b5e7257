import type { Argv } from 'yargs';
import { rowDefaults } from '../../corpus/rows/row-options.ts';
import { type RowKind, rowKinds } from '../../corpus/rows/training-row.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../failure.ts';
import { interrupted } from '../interrupt.ts';
import { castOptions } from '../options/character-options.ts';
import { numberFrom, wholeFrom } from '../options/model-options.ts';

/** How training data is shaped: the options of every command that makes rows. */
export const rowOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('kinds', {
      type: 'string',
      defaultDescription: rowDefaults.kinds.join(','),
      requiresArg: true,
      coerce: kindsFrom,
      describe: `Rows to make, with commas: ${rowKinds.join(', ')}`,
    })
    .option('words', {
      type: 'string',
      default: rowDefaults.words,
      requiresArg: true,
      coerce: wholeFrom('--words', 1, 100_000),
      describe: 'Words of a row that holds several speeches, about 1.4 tokens each',
    })
    .option('directions', {
      type: 'boolean',
      default: rowDefaults.directions,
      describe: 'Stage directions as context, in brackets',
    })
    .option('other-speakers', {
      type: 'boolean',
      default: rowDefaults.otherSpeakers,
      describe: 'What others say as context; --no-other-speakers leaves it out',
    })
    .option('short-replies', {
      type: 'string',
      default: rowDefaults.shortReplies,
      requiresArg: true,
      coerce: numberFrom('--short-replies', 0, 10),
      describe: 'Weight of replies of under 12 words; others weigh 1',
    })
    .option('everyone', {
      type: 'boolean',
      default: rowDefaults.everyone,
      describe: 'Rows for all who speak in the play, for an adapter of the play itself',
    })
    .option('balance', {
      type: 'string',
      default: rowDefaults.balance,
      requiresArg: true,
      coerce: numberFrom('--balance', 0, 1),
      describe: 'With --everyone: 0 = all words weigh alike, 1 = all characters',
    })
    .option('contrast', {
      type: 'string',
      default: rowDefaults.contrast,
      requiresArg: true,
      coerce: numberFrom('--contrast', 0, 10),
      describe: "What another's words weigh against, in rows of the kinds contrast and mislabelled",
    })
    .option('data', {
      type: 'string',
      requiresArg: true,
      describe: 'Add the rows of this file: JSONL of --json, messages, ShareGPT or Alpaca',
    })
    .option('fold', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--fold', 0, 4),
      describe: 'Hold out this fold in place of the usual scenes: one model for each fold',
    })
    .option('seed', {
      type: 'string',
      default: rowDefaults.seed,
      requiresArg: true,
      coerce: wholeFrom('--seed', 0, 2 ** 32 - 1),
      describe: 'Of what is drawn: the same seed gives the same rows',
    });

function kindsFrom(given: string | undefined): RowKind[] | undefined {
  return given?.split(',').map((name) => {
    const kind = rowKinds.find((known) => known === name.trim());
    if (!kind) throw new UsageError(`--kinds has "${name}"; there are ${rowKinds.join(', ')}`);
    return kind;
  });
}

const options = (yargs: Argv) =>
  castOptions(rowOptions(yargs))
    .option('format', {
      choices: ['chat', 'sharegpt', 'alpaca', 'text'] as const,
      default: 'chat' as const,
      describe: 'Messages, or what other trainers read; weights are lost',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print the rows themselves, a JSON object a line: weights, places, all',
    })
    .option('out', { type: 'string', requiresArg: true, describe: 'Write to this file instead' })
    .option('offline', { type: 'boolean', default: false, describe: 'Open no socket' })
    .example('$0 corpus hamlet --out hamlet.jsonl', 'What "train" learns from')
    .example('$0 corpus ophelia --format sharegpt', 'For a trainer elsewhere')
    .example('$0 corpus macbeth --kinds scene,protective --json', '')
    .example('$0 corpus hamlet --data more.jsonl --json', 'With rows of your own, looked at');

export const corpus = defineCommand({
  command: 'corpus <character>',
  describe: 'Print what a character is trained on, the scenes held out left out',
  builder: options,
  async handler(given) {
    const { runCorpus } = await import('./run-corpus.ts');
    await runCorpus({ ...given, signal: interrupted() });
  },
});
