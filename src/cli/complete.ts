import { readdirSync } from 'node:fs';
import type { CommandModule } from 'yargs';
import { benchNames } from '../engine/bench/measured.ts';
import { models, plays } from '../hub/catalogue.ts';
import { knownPlays } from '../play/cast/known-persons.ts';
import { templateNames } from '../prompt/prompt-template.ts';
import { leverNames } from '../steer/lever-names.ts';
import { folders } from '../store/folders.ts';
import { commands } from './commands.ts';

const modelIds = (): string[] => models().map(({ id }) => id);
const playIds = (): string[] => plays().map(({ id }) => id);

// As they would be typed, of the plays whose persons are known.
const personNames = (): string[] =>
  knownPlays.flatMap(({ persons }) => persons.map(({ name }) => name.toLowerCase()));

/** Ids of the scenes here, by the names of their files alone. */
function sceneIds(): string[] {
  try {
    const names = readdirSync(folders().conversations);
    const ids = names.flatMap((name) => /([0-9a-f]{6})\.stage\.jsonl$/.exec(name)?.[1] ?? []);
    return ['latest', ...ids];
  } catch {
    return []; // no folder yet
  }
}

/** Values that a command's own builder does not list, by the name of the option or positional. */
const known: Readonly<Record<string, () => readonly string[]>> = {
  model: modelIds,
  play: playIds,
  benches: () => benchNames,
  what: () => [...modelIds(), ...playIds()],
  character: personNames,
  names: personNames,
  human: personNames,
  scene: sceneIds,
  other: sceneIds,
  gpu: () => ['auto', 'off'],
  threads: () => ['auto'],
  steer: () => ['on', 'off', ...leverNames],
  prompt: templateNames,
};

/**
 * Candidates for the last of the words after `dramatis`, from what is known without parsing a play or
 * loading a command: the shell waits for the answer at every Tab.
 */
export function complete(words: readonly string[]): string[] {
  const plain = words.map((word) => word.replaceAll(/["'\\]/g, ''));
  const wanted = (plain.at(-1) ?? '').toLowerCase();
  return [...new Set(candidates(plain.slice(0, -1), wanted))]
    .filter((one) => one.toLowerCase().startsWith(wanted))
    .sort();
}

function candidates([name, ...given]: readonly string[], wanted: string): readonly string[] {
  if (name === undefined) return commands.flatMap((command) => usageOf(command).slice(0, 1));
  const command = commands.find((one) => usageOf(one)[0] === name);
  if (!command) return [];
  const declared = declarationsOf(subcommandOf(command, given[0]) ?? command);
  if (wanted.startsWith('-')) return [...declared.options.keys()].map((option) => `--${option}`);
  const option = /^--(.+)$/.exec(given.at(-1) ?? '')?.[1];
  const choices = option === undefined ? undefined : declared.options.get(option);
  if (option !== undefined && (choices || known[option])) return choices ?? known[option]!();
  return [...declared.positionals].flatMap(([one, some]) => some ?? known[one]?.() ?? []);
}

/** The command of a group that a word names; undefined if none does, or a default. */
function subcommandOf(group: CommandModule, name: string | undefined): CommandModule | undefined {
  return subcommandsOf(group).find((one) => usageOf(one)[0] === name);
}

/** "chat <character>" → ["chat", "<character>"]. */
function usageOf({ command = '' }: CommandModule): string[] {
  return (typeof command === 'string' ? command : (command[0] ?? '')).split(' ');
}

interface Declarations {
  /** Name → its choices, if it has a list of them. */
  readonly options: Map<string, readonly string[] | undefined>;
  readonly positionals: Map<string, readonly string[] | undefined>;
}

/** What a command's builder declares, without yargs: its calls are listened to. */
function declarationsOf(command: CommandModule): Declarations {
  const declared: Declarations = { options: new Map(), positionals: new Map() };
  declare(command, declared);
  return declared;
}

function declare({ builder }: CommandModule, declared: Declarations): void {
  const listener: object = new Proxy(
    {},
    {
      get: (_, method) => (name: unknown, settings?: { choices?: readonly string[] }) => {
        if (method === 'option') declared.options.set(String(name), settings?.choices);
        if (method === 'positional') declared.positionals.set(String(name), settings?.choices);
        if (method === 'command') declareSubcommand(name, declared);
        return listener;
      },
    },
  );
  if (typeof builder === 'function') builder(listener as Parameters<typeof builder>[0]);
}

/** The commands that a group declares. */
function subcommandsOf({ builder }: CommandModule): readonly CommandModule[] {
  const found: CommandModule[] = [];
  const listener: object = new Proxy(
    {},
    {
      get: (_, method) => (subcommand: CommandModule) => {
        if (method === 'command') found.push(subcommand);
        return listener;
      },
    },
  );
  if (typeof builder === 'function') builder(listener as Parameters<typeof builder>[0]);
  return found;
}

/** `bench speed`: the names of subcommands are candidates like a positional's choices; a default's options are the group's. */
function declareSubcommand(subcommand: unknown, declared: Declarations): void {
  const [name] = usageOf(subcommand as CommandModule);
  if (name === '$0') {
    declare(subcommand as CommandModule, declared);
    return;
  }
  const others = declared.positionals.get('subcommand') ?? [];
  if (name) declared.positionals.set('subcommand', [...others, name]);
}
