import type { Argv } from 'yargs';
import { characterOptions } from './character-options.ts';
import { defineCommand } from './define-command.ts';
import { interrupted } from './interrupt.ts';
import { modelOptions, numberFrom, samplingFrom, samplingOptions } from './model-options.ts';

const options = (yargs: Argv) =>
  samplingOptions(modelOptions(characterOptions(yargs)))
    .option('say', {
      type: 'string',
      requiresArg: true,
      describe: 'Say this, print the answer and end',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print an object for each answer',
    })
    .option('continue', {
      type: 'boolean',
      default: false,
      describe: 'Go on with the last conversation with this character',
    })
    .option('form', {
      choices: ['chat', 'script'] as const,
      describe: 'Ask with the chat template, or as the page of a play; told by the model',
    })
    .option('steer', {
      choices: ['on', 'off'] as const,
      default: 'on' as const,
      describe: 'Bend the words towards the play and the length towards the character',
    })
    .option('grammar', {
      type: 'string',
      requiresArg: true,
      describe: 'File of a weighted grammar that each answer must match',
    })
    .option('strength', {
      type: 'string',
      default: 1,
      requiresArg: true,
      coerce: numberFrom('--strength', -100, 100),
      describe: "How much the grammar's weights count; 0 = only its rules",
    })
    .option('memory', {
      type: 'boolean',
      default: true,
      describe: 'Recall what the character witnessed; --no-memory leaves it out',
    })
    .example('$0 chat hamlet', 'Talk with Hamlet after the end')
    .example('$0 chat "lady macbeth" --at 2.2', 'On the night of the murder')
    .example('$0 chat hamlet --say "Who is there?" --seed 7 --json', 'One answer, for a program')
    .example('$0 chat hamlet --adapter none', 'Without the version promoted for him')
    .example('$0 chat falstaff --play henry-iv-part-1', 'Anyone in any play');

export const chat = defineCommand({
  command: 'chat <character>',
  describe: 'Talk with a character of a play',
  builder: options,
  async handler(given) {
    const { runChat } = await import('./run-chat.ts');
    await runChat({
      ...given,
      sampling: { ...samplingFrom(given), strength: given.strength ?? 1 },
      adapterScale: given.adapterScale ?? 1,
      steer: given.steer === 'on',
      resume: given.continue,
      signal: interrupted(),
    });
  },
});
