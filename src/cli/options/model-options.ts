import type { Argv } from 'yargs';
import type { Gpu, Threads } from '../../engine/compute.ts';
import type { Sampling } from '../../engine/sampling.ts';
import { speechSampling } from '../../prompt/speech-sampling.ts';
import { UsageError } from '../failure.ts';
import { rpcOptions } from './rpc-options.ts';

/** The options of a command that talks with a model: which, how adapted, on what, and with how large a window. */
export const modelOptions = <T>(yargs: Argv<T>) =>
  adapterOptions(modelOption(rpcOptions(computeOptions(yargs)))).option('context', {
    type: 'string',
    requiresArg: true,
    coerce: wholeFrom('--context', 1, 2 ** 24),
    describe: 'Window in tokens: persona, memories and conversation must fit',
  });

/** Options that name the adapter of a model, and its scale. */
export const adapterOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('adapter', {
      type: 'string',
      requiresArg: true,
      describe: 'Adapter of the model: .gguf, id of a version, "promoted", or "none"',
    })
    .option('adapter-scale', {
      type: 'string',
      default: 1,
      requiresArg: true,
      coerce: numberFrom('--adapter-scale', -100, 100),
      describe: 'Strength of the adapter; 0 = off',
    });

/** Which model. */
export const modelOption = <T>(yargs: Argv<T>) =>
  yargs.option('model', {
    type: 'string',
    defaultDescription: 'DRAMATIS_MODEL, else what "dramatis use" chose, else the best here',
    requiresArg: true,
    describe: 'Id from "dramatis models", path of a .gguf file, or hf: URI',
  });

/** The options of every command that runs a model or an embedder. */
export const computeOptions = <T>(yargs: Argv<T>) =>
  fetchOptions(yargs)
    .option('threads', {
      type: 'string',
      default: 'auto' as Threads,
      requiresArg: true,
      coerce: (given: string | number): Threads =>
        given === 'auto' ? 'auto' : wholeFrom('--threads', 1, 1024, '"auto"')(given)!,
      describe: 'Number, or "auto": the usable cores, given back while others need them',
    })
    .option('gpu', {
      type: 'string',
      default: 'auto' as Gpu,
      requiresArg: true,
      coerce: (given: string | number): Gpu =>
        given === 'auto' || given === 'off'
          ? given
          : wholeFrom('--gpu', 0, 10_000, '"auto" or "off"')(given)!,
      describe: 'auto, off, or the number of layers to put on the GPU',
    });

/** The options of every command that may fetch something. */
export const fetchOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Open no socket; what is not here is an error',
    })
    .option('accept-licence', {
      type: 'boolean',
      default: false,
      describe: "Accept the licence of a model that asks for it, such as Gemma's",
    });

/**
 * The options of every command that draws words. What is not given is left to the actor: its preset, if that lever is on,
 * else the defaults shown.
 */
export const samplingOptions = <T>(yargs: Argv<T>) =>
  yargs
    .option('seed', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--seed', 0, 2 ** 32 - 1),
      describe: 'Of the draw: the same seed gives the same text; drawn if not given',
    })
    .option('temperature', {
      type: 'string',
      defaultDescription: String(speechSampling.temperature),
      requiresArg: true,
      coerce: numberFrom('--temperature', 0, 10),
      describe: 'Boldness of the draw; 0 = always the likeliest word',
    })
    .option('top-n-sigma', {
      type: 'string',
      defaultDescription: String(speechSampling.topNSigma),
      requiresArg: true,
      coerce: numberFrom('--top-n-sigma', 0, 100),
      describe: 'Keep tokens within so many standard deviations of the likeliest; 0 = all',
    })
    .option('top-k', {
      type: 'string',
      defaultDescription: String(speechSampling.topK),
      requiresArg: true,
      coerce: wholeFrom('--top-k', 0, 2 ** 24),
      describe: 'Keep the k likeliest tokens; 0 = all',
    })
    .option('top-p', {
      type: 'string',
      defaultDescription: String(speechSampling.topP),
      requiresArg: true,
      coerce: numberFrom('--top-p', Number.MIN_VALUE, 1),
      describe: 'Keep the likeliest tokens that together have this probability; 1 = all',
    })
    .option('min-p', {
      type: 'string',
      defaultDescription: String(speechSampling.minP),
      requiresArg: true,
      coerce: numberFrom('--min-p', 0, 0.999),
      describe: 'Drop tokens less likely than this times the likeliest; 0 = none',
    })
    .option('repeat-penalty', {
      type: 'string',
      defaultDescription: String(speechSampling.repeatPenalty),
      requiresArg: true,
      coerce: numberFrom('--repeat-penalty', 0.01, 10),
      describe: 'Above 1 lowers what was said lately; 1 = off',
    })
    .option('dry', {
      type: 'string',
      defaultDescription: String(speechSampling.dryMultiplier),
      requiresArg: true,
      coerce: numberFrom('--dry', 0, 100),
      describe: 'DRY: how strongly a phrase said before is kept from coming again; 0 = off',
    })
    .option('max-tokens', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--max-tokens', 1, 2 ** 20),
      describe: 'Longest reply, in tokens',
    });

/** What `samplingOptions` parses to, as the engine wants it: what was given alone. */
export function samplingFrom(options: {
  readonly temperature: number | undefined;
  readonly topNSigma: number | undefined;
  readonly topK: number | undefined;
  readonly topP: number | undefined;
  readonly minP: number | undefined;
  readonly repeatPenalty: number | undefined;
  readonly dry: number | undefined;
}): Partial<Sampling> {
  const { temperature, topNSigma, topK, topP, minP, repeatPenalty, dry } = options;
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topNSigma !== undefined && { topNSigma }),
    ...(topK !== undefined && { topK }),
    ...(topP !== undefined && { topP }),
    ...(minP !== undefined && { minP }),
    ...(repeatPenalty !== undefined && { repeatPenalty }),
    ...(dry !== undefined && { dryMultiplier: dry }),
  };
}

/**
 * Numbers are read from strings here, since yargs reads "abc" as NaN and "1.5" as a whole number's
 * neighbour without a word.
 *
 * @param or What may stand in place of the number, for the message.
 */
export function numberFrom(flag: string, least: number, most: number, or?: string) {
  return (given: string | number | undefined): number | undefined => {
    if (given === undefined) return undefined;
    const value = String(given).trim() === '' ? Number.NaN : Number(given);
    if (value >= least && value <= most) return value;
    const wanted = `a number from ${shown(least)} to ${most}${or ? `, ${or}` : ''}`;
    throw new UsageError(`${flag} is "${given}"; ${wanted} is wanted`);
  };
}

/** Reads a whole number of a flag, at least `least` and at most `most`. */
export function wholeFrom(flag: string, least: number, most: number, or?: string) {
  const read = numberFrom(flag, least, most, or);
  return (given: string | number | undefined): number | undefined => {
    const value = read(given);
    if (value === undefined || Number.isInteger(value)) return value;
    throw new UsageError(`${flag} is "${given}"; a whole number is wanted`);
  };
}

const shown = (least: number): number => (least === Number.MIN_VALUE ? 0 : least);
