import type { Argv } from 'yargs';
import { defaultTemplateName, templateNames } from '../../prompt/prompt-template.ts';
import {
  defaultAlpha,
  defaultControl,
  type LeverName,
  leverNames,
  parseLeverNames,
} from '../../steer/lever-names.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { characterOptions } from '../options/character-options.ts';
import {
  modelOptions,
  numberFrom,
  samplingFrom,
  samplingOptions,
} from '../options/model-options.ts';

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
      type: 'string',
      default: 'on',
      requiresArg: true,
      describe: `Bend the words: on, off, or some of ${leverNames.join(',')}`,
    })
    .option('strength', {
      type: 'string',
      default: 1,
      requiresArg: true,
      coerce: numberFrom('--strength', -10, 10),
      describe:
        'λ: how strongly levers and --grammar push; 0 = only forbid, less than 0 = the other way',
    })
    .option('contrast', {
      type: 'string',
      requiresArg: true,
      coerce: numberFrom('--contrast', 0, 10),
      describe: `α of the lever contrast: base + α (character − base); ${defaultAlpha} if it is on`,
    })
    .option('control', {
      type: 'string',
      requiresArg: true,
      coerce: numberFrom('--control', -20, 20),
      describe: `Strength of the lever control; ${defaultControl} if it is on, less than 0 = away from them`,
    })
    .option('prompt', {
      type: 'string',
      default: defaultTemplateName,
      requiresArg: true,
      describe: `Words of the prompt: ${templateNames().join(', ')}`,
    })
    .option('grammar', {
      type: 'string',
      requiresArg: true,
      describe: 'File of a weighted grammar, or of a JSON Schema, that each answer must match',
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
    .example(
      '$0 chat hamlet --steer lexicon,ban,contrast',
      'With these levers; /steer changes them',
    )
    .example('$0 chat hamlet --grammar verse.gbnf --strength 0.5', 'Answers of this form')
    .example('$0 chat hamlet --grammar answer.schema.json', 'Answers as JSON of this schema')
    .example('$0 chat falstaff --play henry-iv-part-1', 'Anyone in any play');

export const chat = defineCommand({
  command: 'chat <character>',
  describe: 'Talk with a character of a play',
  builder: options,
  async handler(given) {
    const { runChat } = await import('../chat/run-chat.ts');
    await runChat({
      ...given,
      sampling: samplingFrom(given),
      adapterScale: given.adapterScale ?? 1,
      steer: steerOf(given),
      strength: given.strength ?? 1,
      alpha: given.contrast,
      controlGain: given.control,
      resume: given.continue,
      signal: interrupted(),
    });
  },
});

/** An α, or a strength, says that its lever is wanted. */
function steerOf(given: {
  readonly steer: string;
  readonly contrast: number | undefined;
  readonly control: number | undefined;
}): LeverName[] {
  const names = parseLeverNames(given.steer);
  const wanted = (['contrast', 'control'] as const).filter((name) => given[name] !== undefined);
  return [...new Set([...names, ...wanted])];
}
