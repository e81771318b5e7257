import type { Argv } from 'yargs';
import { defineCommand, defineGroup } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { talkOptions, talkRequest } from './chat.ts';

const jsonOption = <T>(yargs: Argv<T>, describe: string) =>
  yargs.option('json', { type: 'boolean', default: false, describe });

const idPositional = <T>(yargs: Argv<T>) =>
  yargs.positional('id', {
    type: 'string',
    demandOption: true,
    describe: 'Name of the conversation, or as much of its id as tells it from the others',
  });

const list = defineCommand({
  command: 'list',
  describe: 'List the conversations here, the last one first',
  builder: (yargs: Argv) => jsonOption(yargs, 'Print an array of conversations'),
  async handler({ json }) {
    const { runList } = await import('./run-conversations.ts');
    await runList({ json });
  },
});

const search = defineCommand({
  command: 'search <words..>',
  describe: 'Find lines in which all these words were said',
  builder: (yargs: Argv) =>
    jsonOption(yargs, 'Print an array of conversations with the lines found')
      .positional('words', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Words, or parts of them, in any order',
      })
      .example('$0 conversations search ghost father', ''),
  async handler({ words, json }) {
    const { runSearch } = await import('./run-conversations.ts');
    await runSearch({ words, json });
  },
});

const show = defineCommand({
  command: 'show <id>',
  describe: 'Print a conversation, with how many answers there are',
  builder: (yargs: Argv) =>
    idPositional(jsonOption(yargs, 'Print one object with all lines and their alternatives')),
  async handler({ id, json }) {
    const { runShow } = await import('./run-conversations.ts');
    await runShow({ id, json });
  },
});

const open = defineCommand({
  command: 'open <id>',
  describe: 'Go on with a conversation, with the model that it was begun with',
  builder: (yargs: Argv) =>
    idPositional(talkOptions(yargs)).example('$0 conversations open 3f9ac0', ''),
  async handler(given) {
    const { runOpen } = await import('./run-conversations.ts');
    await runOpen(given.id, talkRequest(given));
  },
});

const fork = defineCommand({
  command: 'fork <id>',
  describe: 'Copy a conversation, to go on with it on another way',
  builder: (yargs: Argv) => idPositional(jsonOption(yargs, 'Print the new conversation')),
  async handler({ id, json }) {
    const { runFork } = await import('./run-conversations.ts');
    await runFork({ id, json });
  },
});

const watch = defineCommand({
  command: 'watch <id>',
  describe: 'Print a conversation, and what is said in it from now on; Ctrl-C ends',
  builder: (yargs: Argv) => idPositional(jsonOption(yargs, 'Print the records, one a line')),
  async handler({ id, json }) {
    const { runWatch } = await import('./run-conversations.ts');
    await runWatch({ id, json, signal: interrupted() });
  },
});

const rename = defineCommand({
  command: 'rename <id> <name>',
  describe: 'Give a conversation a name; "" takes it away',
  builder: (yargs: Argv) =>
    idPositional(jsonOption(yargs, 'Print the conversation'))
      .positional('name', { type: 'string', demandOption: true, describe: 'The new name' })
      .example('$0 conversations rename 3f9ac0 "after the play"', ''),
  async handler({ id, name, json }) {
    const { runRename } = await import('./run-conversations.ts');
    await runRename({ id, name, json });
  },
});

const remove = defineCommand({
  command: 'delete <id>',
  describe: 'Delete a conversation for good; asks first on a terminal',
  builder: (yargs: Argv) =>
    idPositional(jsonOption(yargs, 'Print the conversation that was deleted')).option('yes', {
      type: 'boolean',
      default: false,
      describe: 'Do not ask',
    }),
  async handler({ id, yes, json }) {
    const { runDelete } = await import('./run-conversations.ts');
    await runDelete({ id, yes, json });
  },
});

export const conversations = defineGroup({
  name: 'conversations',
  describe: 'What was said before: list, search, show, go on, fork, watch, rename, delete',
  commands: [list, search, show, open, fork, watch, rename, remove],
});
