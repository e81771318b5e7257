import { displayName } from '../../../play/cast/display-name.ts';
import type { Play } from '../../../play/play.ts';
import { sceneTurns } from '../../../play/scene-turns.ts';

/** How a sentence names somebody of the cast. */
export type ToldName = (name: string) => string;

/**
 * How a narrator names those of a play: "Marta", but "the miller" where a cast name of one word is a role, which some
 * speech has in small letters after an article.
 */
export function toldNames(play: Play): ToldName {
  const said = sceneTurns(play).flatMap(({ turns }) => turns.map(({ text }) => text));
  const roles = new Set(
    Array.from(
      said.join(' ').matchAll(/\b(?:an?|the|my|this|that) (\p{Ll}+)/gu),
      ([, word]) => word,
    ),
  );
  return (name) =>
    roles.has(name.toLowerCase()) ? `the ${name.toLowerCase()}` : displayName(name);
}
