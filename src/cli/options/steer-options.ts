import type { Argv } from 'yargs';
import { defaultTemplateName, templateNames } from '../../prompt/prompt-template.ts';
import {
  defaultAlpha,
  defaultControl,
  leverNames,
  type Strengths,
} from '../../steer/lever-names.ts';
import { numberFrom } from './model-options.ts';

/** How a character is asked and steered: the options of every command that lets one speak. */
export const steerOptions = <T>(
  yargs: Argv<T>,
  memory: { readonly default: boolean | undefined },
) =>
  yargs
    .option('form', {
      choices: ['chat', 'script'] as const,
      describe:
        'Ask with the chat template, or as the page of a play; by default as the model was made for',
    })
    .option('prompt', {
      type: 'string',
      default: defaultTemplateName,
      requiresArg: true,
      describe: `Words of the prompt: ${templateNames().join(', ')}`,
    })
    .option('memory', {
      type: 'boolean',
      default: memory.default,
      describe: 'Recall what the character witnessed; --no-memory leaves it out',
    })
    .option('steer', {
      type: 'string',
      default: 'on',
      requiresArg: true,
      describe: `Bend the words: on, off, some of ${leverNames.join(',')}, or changes such as +reflection,-ban (--steer=-ban)`,
    })
    .option('strength', {
      type: 'string',
      default: 1,
      requiresArg: true,
      coerce: numberFrom('--strength', -10, 10),
      describe:
        'λ: how strongly levers and grammars push; 0 = only forbid, less than 0 = the other way',
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
    });

/** The strengths that `steerOptions` parses to. */
export function strengthsFrom({
  strength = 1,
  contrast,
  control,
}: {
  readonly strength: number | undefined;
  readonly contrast: number | undefined;
  readonly control: number | undefined;
}): Strengths {
  return { strength, alpha: contrast, controlGain: control };
}
