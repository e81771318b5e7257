import { distance } from 'fastest-levenshtein';
import type { CommandModule } from 'yargs';
import { UsageError } from './failure.ts';

/** What a command is called: "chat" of "chat <character>". */
export function nameOf({ command = '' }: CommandModule): string {
  return (typeof command === 'string' ? command : (command[0] ?? '')).split(' ')[0] ?? '';
}

/**
 * The error for a word where a command was wanted, or for none, with the commands that there are.
 *
 * @param parent What stands before it, such as "dramatis adapters".
 */
export function unknownCommand(
  given: string | undefined,
  parent: string,
  commands: readonly CommandModule[],
): UsageError {
  const names = commands.map(nameOf);
  const list = names.join(', ');
  if (given === undefined) return new UsageError(`"${parent}" wants one of: ${list}`);
  const near = names.filter((name) => distance(name, given) <= Math.ceil(given.length / 3));
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${list}`;
  return new UsageError(`"${parent}" has no command "${given}"; ${guess}`);
}
