import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { fetchOptions } from '../options/model-options.ts';

const filePositional = <T>(yargs: Argv<T>) =>
  yargs.positional('file', {
    type: 'string',
    demandOption: true,
    describe: 'A card of yours (.json), or a Tavern card (.json, .png)',
  });

const check = defineCommand({
  command: 'check <file>',
  describe: 'Name every field of a card that is wrong; exit 1 if one is',
  builder: (yargs: Argv) =>
    filePositional(yargs).option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print {name, left, faults: [{line, message, remedy}]}',
    }),
  async handler(given) {
    const { runCardCheck } = await import('./run-card.ts');
    await runCardCheck(given);
  },
});

const exported = defineCommand({
  command: 'export <character>',
  describe: 'Write the card of a character of a play, or of a card file, in another form',
  builder: (yargs: Argv) =>
    fetchOptions(yargs)
      .positional('character', {
        type: 'string',
        demandOption: true,
        describe: 'Name in the cast, such as hamlet; or a card file',
      })
      .option('play', {
        type: 'string',
        requiresArg: true,
        describe: 'Id from "dramatis plays", or a file',
      })
      .option('tavern', {
        type: 'boolean',
        default: false,
        describe: 'As a Tavern card, version 2, for other programs; a .png always is one',
      })
      .option('image', {
        type: 'string',
        requiresArg: true,
        describe: 'PNG image that carries the card; by default a grey square',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write: .json or .png; by default the card is printed',
      })
      .example('$0 card export hamlet --out my-hamlet.json', 'To be changed by hand')
      .example('$0 card export ned.json --out ned.png', 'For a program that reads Tavern cards'),
  async handler(given) {
    const { runCardExport } = await import('./run-card.ts');
    await runCardExport({ ...given, signal: interrupted() });
  },
});

const imported = defineCommand({
  command: 'import <file>',
  describe: 'Keep a card, so that "dramatis chat NAME" finds its character',
  builder: (yargs: Argv) =>
    filePositional(yargs)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File to write instead of NAME.json in the folder "cards" of "dramatis env"',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Replace a card that is there',
      }),
  async handler(given) {
    const { runCardImport } = await import('./run-card.ts');
    await runCardImport(given);
  },
});

export const card = defineGroup({
  name: 'card',
  describe: 'Characters of your own: check, import and export their cards',
  commands: [check, exported, imported],
});
