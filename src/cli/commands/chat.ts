import type { ArgumentsCamelCase, Argv } from 'yargs';
import type { LeverName } from '../../steer/lever-descriptions.ts';
import { parseLeverNames } from '../../steer/lever-names.ts';
import type { ChatRequest } from '../chat/run-chat.ts';
import { defineCommand } from '../define-command.ts';
import { interrupted } from '../interrupt.ts';
import { cardOptions, characterPositional, placeOptions } from '../options/character-options.ts';
import { modelOptions, samplingFrom, samplingOptions } from '../options/model-options.ts';
import { steerOptions, strengthsFrom } from '../options/steer-options.ts';

/** How a character is talked with, whoever it is. */
export const talkOptions = (yargs: Argv) =>
  steerOptions(samplingOptions(modelOptions(cardOptions(placeOptions(yargs)))), { default: true })
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
    .option('sources', {
      type: 'boolean',
      default: false,
      describe: 'Show the line of the play that each answer rests on, or that it rests on none',
    })
    .option('grammar', {
      type: 'string',
      requiresArg: true,
      describe: 'File of a weighted grammar, or of a JSON Schema, that each answer must match',
    });

type Given = ArgumentsCamelCase<
  ReturnType<typeof talkOptions> extends Argv<infer Options> ? Options : never
>;

/** What `talkOptions` say, for `runChat`. */
export function talkRequest(given: Given): Omit<ChatRequest, 'character' | 'resume'> {
  const { card, ...options } = given;
  return {
    ...options,
    ...(card !== undefined && { cardFile: card }),
    sampling: samplingFrom(given),
    adapterScale: given.adapterScale ?? 1,
    steer: steerOf(given),
    ...strengthsFrom(given),
    signal: interrupted(),
  };
}

const options = (yargs: Argv) =>
  talkOptions(yargs)
    .positional('character', characterPositional)
    .option('continue', {
      type: 'string',
      describe: 'Go on with the last conversation with this character, or one by its id or name',
    })
    .option('fork', {
      type: 'boolean',
      default: false,
      describe: 'With --continue: go on with a copy, as while another process has it open',
    })
    .example('$0 chat hamlet', 'Talk with Hamlet after the end')
    .example('$0 chat "lady macbeth" --at 2.2', 'On the night of the murder')
    .example('$0 chat hamlet --say "Who is there?" --seed 7 --json', 'One answer, for a program')
    .example('$0 chat hamlet --continue', 'Go on where you left off')
    .example('$0 chat hamlet --adapter none', 'Without the version promoted for him')
    .example(
      '$0 chat hamlet --steer lexicon,ban,contrast',
      'With these levers; /steer changes them',
    )
    .example('$0 chat hamlet --grammar verse.gbnf --strength 0.5', 'Answers of this form')
    .example('$0 chat hamlet --grammar answer.schema.json', 'Answers as JSON of this schema')
    .example('$0 chat falstaff --play henry-iv-part-1', 'Anyone in any play')
    .example('$0 chat --card ned.json', 'Somebody of your own, who is in no play');

export const chat = defineCommand({
  command: 'chat [character]',
  describe: 'Talk with a character of a play, or of your own',
  builder: options,
  async handler(given) {
    const { runChat } = await import('../chat/run-chat.ts');
    await runChat({
      ...talkRequest(given),
      character: given.character,
      resume: given.continue,
      fork: given.fork,
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
