import { distance } from 'fastest-levenshtein';
import { DramatisError } from '../../errors.ts';
import { folded } from '../folded.ts';
import type { CastMember, Play } from '../play.ts';
import { normalName } from './label.ts';

/** How many names a suggestion or a list of candidates gives at most. */
const maxNames = 5;

/**
 * The member of the cast that a reader means: "hamlet", "Lady Macbeth", "Gertrude", "king".
 *
 * Taken in this order: a name in full, another name of exactly one person, a part of the name of
 * exactly one person ("gertrude" of "QUEEN GERTRUDE"). Who speaks goes before who is only listed.
 *
 * @throws {DramatisError} CHARACTER_UNKNOWN with the nearest names, CHARACTER_AMBIGUOUS with those it fits.
 */
export function findCharacter(play: Play, name: string): CastMember {
  const wanted = normalName(name);
  const ways: ((member: CastMember, wanted: string) => boolean)[] = [
    (member, wanted) => member.name === wanted,
    (member, wanted) => member.aliases.includes(wanted),
    (member, wanted) =>
      member.name.split(/[ -]/).includes(wanted) || ` ${member.name} `.includes(` ${wanted} `),
    (member, wanted) => member.aliases.some((alias) => alias.split(/[ -]/).includes(wanted)),
    (member, wanted) => wanted.length > 2 && member.name.startsWith(wanted),
  ];
  const plain = folded(wanted);
  const typed = (member: CastMember): CastMember => ({
    ...member,
    name: folded(member.name),
    aliases: member.aliases.map(folded),
  });
  // Names as printed first; whoever types without accents means those that have them.
  const looks = [
    ...ways.map((fits) => (member: CastMember) => fits(member, wanted)),
    ...ways.map((fits) => (member: CastMember) => fits(typed(member), plain)),
  ];
  for (const fits of wanted === '' ? [] : looks) {
    const found = speakingFirst(play.cast.filter(fits));
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new DramatisError(
        'CHARACTER_AMBIGUOUS',
        `"${name}" may be ${list(found.map((member) => member.name))} in "${play.title}"`,
      );
  }
  throw new DramatisError(
    'CHARACTER_UNKNOWN',
    `nobody in "${play.title}" is called "${name}"; the nearest names are ${list(nearest(play, wanted))}`,
  );
}

function speakingFirst(members: readonly CastMember[]): readonly CastMember[] {
  const speaking = members.filter(({ speeches }) => speeches > 0);
  return speaking.length > 0 ? speaking : members;
}

/** Names of the cast by the edit distance of their nearest form, the more talkative first among equals. */
function nearest(play: Play, wanted: string): string[] {
  return play.cast
    .map((member) => {
      const forms = [member.name, ...member.name.split(' '), ...member.aliases];
      return { name: member.name, far: Math.min(...forms.map((form) => distance(form, wanted))) };
    })
    .sort((a, b) => a.far - b.far)
    .slice(0, maxNames)
    .map(({ name }) => name);
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, maxNames);
  const rest = names.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} or ${rest} more` : shown.join(', ');
}
