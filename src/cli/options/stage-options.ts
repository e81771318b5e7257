import type { Argv } from 'yargs';
import { parseLeverNames } from '../../steer/lever-names.ts';
import type { CompanyRequest } from '../../workspace/open-company.ts';
import { UsageError } from '../failure.ts';
import { computeOptions, modelOption, wholeFrom } from './model-options.ts';
import { rpcOptions } from './rpc-options.ts';

/** What the cast of a scene speak with: the options of `stage` and `stage resume`. */
export const companyOptions = <T>(yargs: Argv<T>) =>
  modelOption(rpcOptions(computeOptions(yargs)))
    .option('adapter', {
      type: 'string',
      array: true,
      nargs: 1,
      describe:
        'Adapter of one of the cast: NAME=ID, NAME=none, NAME=FILE.gguf; by default what is promoted for each',
    })
    .option('form', {
      choices: ['chat', 'script'] as const,
      defaultDescription: '"script"',
      describe: 'Ask as the page of a play, or with the chat template',
    })
    .option('memory', {
      type: 'boolean',
      defaultDescription: 'true',
      describe: 'Recall what each witnessed in the play; --no-memory leaves it out',
    })
    .option('steer', {
      type: 'string',
      defaultDescription: '"on"',
      requiresArg: true,
      describe:
        'Bend the words: on, off, or levers such as +verse,-ban; see "dramatis chat --help"',
    })
    .option('context', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--context', 1, 2 ** 24),
      describe: 'Window in tokens of each of the cast',
    })
    .option('seconds', {
      type: 'string',
      requiresArg: true,
      coerce: wholeFrom('--seconds', 1, 1_000_000),
      describe: 'End when the model has spoken for so long',
    })
    .option('play', {
      type: 'string',
      requiresArg: true,
      describe: 'Id from "dramatis plays", or a file; by default the one play that has the cast',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: "Print the journal's own records, one a line",
    });

type CompanyOptions = Omit<Required<CompanyRequest>, 'cache' | 'signal'>;

/** What `companyOptions` parse to, as the workspace wants it. */
export function companyFrom(given: {
  readonly model: string | undefined;
  readonly adapter: readonly string[] | undefined;
  readonly form: 'chat' | 'script' | undefined;
  readonly memory: boolean | undefined;
  readonly steer: string | undefined;
  readonly context: number | undefined;
}): CompanyOptions {
  const { model, adapter, form, memory, steer, context } = given;
  return {
    ...{ model, form, memory, context },
    steer: steer === undefined ? undefined : parseLeverNames(steer),
    adapters: adapter === undefined ? undefined : adaptersFrom(adapter),
  };
}

function adaptersFrom(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((one) => {
      const [, name, adapter] = /^([^=]+)=(.+)$/.exec(one) ?? [];
      if (name && adapter) return [name.trim(), adapter.trim()];
      throw new UsageError(
        `--adapter is "${one}"; NAME=ID is wanted, such as ophelia=1f2e3d or ophelia=none`,
      );
    }),
  );
}
