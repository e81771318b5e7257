import { DramatisError } from '../errors.ts';
import { findCharacter } from '../play/cast/find-character.ts';
import { isCollective } from '../play/cast/label.ts';
import type { CastMember, Play } from '../play/play.ts';

/**
 * The members of a play's cast that a reader names, in the order given.
 *
 * @throws {DramatisError} CHARACTER_UNKNOWN or CHARACTER_AMBIGUOUS for a name that is not one person's; USAGE if a person is
 *   named twice, or a name stands for several people at once.
 */
export function stageCast(play: Play, names: readonly string[]): readonly CastMember[] {
  const found = new Map<CastMember, string>();
  for (const name of names) {
    const member = findCharacter(play, name);
    const before = found.get(member);
    if (before !== undefined) throw twice(member, before, name);
    if (isCollective(member.name))
      throw new DramatisError('USAGE', `"${name}" stands for several people at once`, {
        remedy: 'Name each person who is to be on stage.',
      });
    found.set(member, name);
  }
  return [...found.keys()];
}

function twice({ name }: CastMember, before: string, again: string): DramatisError {
  const message =
    before === again
      ? `"${again}" is named twice`
      : `"${before}" and "${again}" are one person, ${name}`;
  return new DramatisError('USAGE', message, { remedy: 'Name each person once.' });
}
