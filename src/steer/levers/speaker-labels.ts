import { withoutTitle } from '../../play/cast/display-name.ts';
import type { CastMember, Play } from '../../play/play.ts';

/** Who else may be made to speak by a model: its trainers' names for the two sides. */
export const strangers = [
  'Visitor',
  'User',
  'You',
  'Human',
  'Assistant',
  'System',
  'Reader',
  'Narrator',
];

/**
 * Texts at which a reply stops because another speaks in it: every name of the cast that has lines, as a
 * label on a line of its own, in the spellings editions and models use.
 */
export function speakerLabels(play: Play): string[] {
  const names = play.cast
    .filter(({ speeches }) => speeches > 0)
    .flatMap(callsOf)
    .flatMap((name) => [name, inTitleCase(name)]);
  return [...new Set([...names, ...strangers])].flatMap((name) => [`\n${name}:`, `\n${name}.`]);
}

/** What stands before the words of somebody: "KING CLAUDIUS", and "CLAUDIUS" where models leave the title out. */
export function callsOf({ name }: Pick<CastMember, 'name'>): string[] {
  return [...new Set([name, withoutTitle(name)])];
}

/** "FIRST CLOWN" as "First Clown". */
export function inTitleCase(name: string): string {
  return name.toLowerCase().replace(/(^|[\s-])\p{L}/gu, (start) => start.toUpperCase());
}
