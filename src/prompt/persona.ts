import { comparePlaces, parsePlace } from '../play/place.ts';
import type { CastMember, Place, Play, Scene } from '../play/play.ts';
import { exchangesOf } from './exchanges.ts';
import { momentAt, notesOn } from './person-notes.ts';
import type { Persona } from './prompt.ts';

/** Who the character is: from the notes in data/persons.json, or else from what the play itself tells. */
export function personaOf(play: Play, character: CastMember): Persona {
  const notes = notesOn(play, character);
  const displayName = titleCase(notes?.name ?? character.name);
  const role = notes?.role ?? asRole(character.description);
  const start = role === '' ? `You are ${displayName}.` : `You are ${displayName}, ${role}.`;
  return {
    name: character.name,
    displayName,
    playTitle: play.title,
    role,
    description: notes ? `${start} ${notes.manner}` : start,
    relations: notes
      ? notes.relations.map(([who, what]) => `${who} is ${what}.`)
      : companions(play, character.name),
    situation: (at) => (notes ? momentAt(notes, at) : lastSeen(play, character.name, at)),
    samples: (at) => exchangesOf(play, character, at),
  };
}

/** How many people an automatic persona is told about. */
const mostCompanions = 3;

/** Those who speak right before or after the character most often. */
function companions(play: Play, name: string): string[] {
  const counts = new Map<string, number>();
  for (const { scenes } of play.acts)
    for (const { elements } of scenes) {
      let before: readonly string[] = [];
      for (const element of elements) {
        if (element.kind !== 'speech') continue;
        const others = element.speakers.includes(name) ? before : element.speakers;
        if (element.speakers.includes(name) || before.includes(name))
          for (const other of others)
            if (other !== name) counts.set(other, (counts.get(other) ?? 0) + 1);
        before = element.speakers;
      }
    }
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostCompanions);
  return most.length === 0
    ? []
    : [`You speak most with ${list(most.map(([other]) => titleCase(other)))}.`];
}

/** Where the character was last before a place, and with whom, in the character's words. */
function lastSeen(play: Play, name: string, at?: Place): string {
  let last: { scene: Scene; with: Set<string> } | undefined;
  for (const { scenes } of play.acts)
    for (const scene of scenes) {
      const company = companyIn(scene, name, at);
      if (company) last = { scene, with: company };
    }
  if (!last) return '';
  const others = [...last.with].slice(0, mostCompanions).map(titleCase);
  const where = locationOf(last.scene.heading);
  const company = others.length > 0 ? ` with ${list(others)}` : '';
  return company + where === '' ? '' : `I was last${company}${where}.`;
}

/** Who was on stage with the character before the place, in order of appearance; undefined if it was not on. */
function companyIn({ elements }: Scene, name: string, at?: Place): Set<string> | undefined {
  let company: Set<string> | undefined;
  for (const element of elements) {
    if (element.kind !== 'speech') continue;
    if (at && comparePlaces(parsePlace(element.place), at) >= 0) break;
    if (!element.present.includes(name) && !element.speakers.includes(name)) continue;
    company ??= new Set();
    for (const other of element.speakers) if (other !== name) company.add(other);
  }
  return company;
}

/** ": a room in the castle" from "SCENE II. A room in the castle."; empty if the heading names no place. */
function locationOf(heading: string): string {
  const place = /^\W*scene\s+\w+\s*[.:,-]\s*(.*?)\W*$/i.exec(heading)?.[1] ?? '';
  return place === '' ? '' : `: ${place.charAt(0).toLowerCase()}${place.slice(1)}`;
}

function asRole(description: string): string {
  const bare = description.replace(/[.;,\s]+$/, '').trim();
  return /^(?:Prince|King|Queen|Lord|Lady|Son|Daughter|A|An|The|Friend|Servant)\b/.test(bare)
    ? bare.charAt(0).toLowerCase() + bare.slice(1)
    : bare;
}

/** "LADY MACBETH" → "Lady Macbeth", "GHOST OF HAMLET'S FATHER" → "Ghost of Hamlet's Father". */
export function titleCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/(^|[\s-])(\p{L})/gu, (_, gap: string, letter: string) => gap + letter.toUpperCase())
    .replace(/\b(Of|The|And|To|In)\b/g, (word, _group, at: number) =>
      at === 0 ? word : word.toLowerCase(),
    );
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
