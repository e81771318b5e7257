import type { Argv } from 'yargs';
import { UsageError } from '../failure.ts';
import { numberFrom, wholeFrom } from './model-options.ts';

/** An option that is a whole number, with its default. */
export function count(
  option: string,
  value: number,
  least: number,
  most: number,
  describe: string,
) {
  const coerce = wholeFrom(option, least, most);
  return { type: 'string' as const, default: value, requiresArg: true, coerce, describe };
}

/** An option that is a number, with its default. */
export function number(
  option: string,
  value: number,
  least: number,
  most: number,
  describe: string,
) {
  const coerce = numberFrom(option, least, most);
  return { type: 'string' as const, default: value, requiresArg: true, coerce, describe };
}

/** The option that adapts some layers alone: what lies below them is read only, which costs half of being learned. */
export const layersOption = {
  type: 'string' as const,
  requiresArg: true,
  coerce: layersFrom,
  describe: 'First and last layer to adapt, such as 10-29; all unless given',
};

function layersFrom(given: string): readonly [number, number] {
  const found = /^(\d+)-(\d+)$/.exec(String(given));
  const [first, last] = [Number(found?.[1]), Number(found?.[2])];
  if (!found || first > last) throw new UsageError(`--layers has "${given}"; such as 10-29`);
  return [first, last];
}

/** The options of every command that ends with an adapter version: where it computes, and what is kept. */
export const trainerOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('precision', {
      choices: ['bf16', 'f32'] as const,
      describe:
        'What the frozen weights are kept in; bf16, which takes half the memory, unless given',
    })
    .option('device', {
      type: 'string',
      requiresArg: true,
      describe: 'Where to compute, such as CUDA0 of "dramatis doctor"; the CPU unless given',
    })
    .option('resume', {
      type: 'boolean',
      default: false,
      describe: 'Go on with the newest run of these options that was ended',
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'Write the adapter to this .gguf file, too, whatever is there',
    })
    .option('curve', {
      type: 'string',
      requiresArg: true,
      describe: 'Write losses or rewards step by step to this .json file',
    })
    .option('note', { type: 'string', requiresArg: true, describe: 'Kept with the version' })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print every event as a JSON object a line',
    });
