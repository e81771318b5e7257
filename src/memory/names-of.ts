import { displayName } from '../play/cast/display-name.ts';
import type { Play } from '../play/play.ts';
import type { Digest, DigestPerson } from './digests/digest.ts';
import type { Telling } from './digests/render-digest.ts';
import type { Names } from './wording.ts';

/** Titles that stand for whoever of the cast is called by them alone. */
const titles = ['KING', 'QUEEN', 'PRINCE', 'PRINCESS', 'DUKE', 'DUCHESS', 'EMPEROR'];

/** How a narrator names those whom a character calls by other words. */
export function namesOf(
  { cast }: Play,
  digests: readonly Digest[],
  character: string,
  calls: Telling['calls'] = () => undefined,
): Names {
  const persons = new Map<string, DigestPerson>();
  for (const person of digests.flatMap(({ about }) => about)) persons.set(person.key, person);
  const named = (member: string): string =>
    [...persons.values()].find(({ members }) => members.length === 1 && members[0] === member)
      ?.name ?? displayName(member);
  const kin = [...persons.values()].flatMap(({ key, name, members }) => {
    const called = calls(key) ?? (members.length === 1 ? calls(members[0]!) : undefined);
    return called?.call.startsWith('my ') && !members.includes(character)
      ? [[called.call, name] as const]
      : [];
  });
  return {
    self: named(character),
    kin,
    titles: titles.flatMap((title) => {
      const [only, ...others] = cast.filter(
        ({ name, aliases }) => name === title || aliases.includes(title),
      );
      return only && others.length === 0
        ? [[`the ${title.toLowerCase()}`, named(only.name)] as const]
        : [];
    }),
  };
}
