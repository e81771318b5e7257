import { displayName, listOf } from '../../play/cast/display-name.ts';
import { isCollective } from '../../play/cast/label.ts';
import { comparePlaces, parsePlace } from '../../play/place.ts';
import type { Place, Play, Scene, Speech } from '../../play/play.ts';

/** How many people a persona made from the play is told about. */
const mostCompanions = 3;

/** Who speaks right before or after the character most often, the most frequent first: "Claudius"; none if nobody does. */
export function companionsOf(play: Play, name: string): string[] {
  const counts = new Map<string, number>();
  for (const { scenes } of play.acts)
    for (const scene of scenes)
      for (const [one, next] of neighbours(speechesOf(scene)))
        for (const other of partners(one.speakers, next.speakers, name))
          counts.set(other, (counts.get(other) ?? 0) + 1);
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, mostCompanions);
  return most.map(([other]) => displayName(other));
}

/** Those whom the character speaks with, of two sets of speakers who follow each other. */
function partners(one: readonly string[], next: readonly string[], name: string): string[] {
  const others = [...(one.includes(name) ? next : []), ...(next.includes(name) ? one : [])];
  return others.filter((other) => other !== name && !isCollective(other));
}

/** Where the character was last before a place, and with whom, in the character's words; empty if nowhere yet. */
export function lastSeen(play: Play, name: string, at?: Place): string {
  let last: { heading: string; company: ReadonlySet<string> } | undefined;
  for (const { scenes } of play.acts)
    for (const scene of scenes) {
      const company = companyIn(scene, name, at);
      if (company) last = { heading: scene.heading, company };
    }
  if (!last) return '';
  const others = [...last.company].slice(0, mostCompanions).map(displayName);
  const place = locationOf(last.heading);
  return [
    ...(others.length > 0 ? [`I was last with ${listOf(others)}.`] : []),
    ...(place === '' ? [] : [`The place was ${place}.`]),
  ].join(' ');
}

/** Who spoke before the place while the character was on stage; undefined if it never was. */
function companyIn(scene: Scene, name: string, at?: Place): ReadonlySet<string> | undefined {
  const heard = speechesOf(scene)
    .filter(({ place }) => !at || comparePlaces(parsePlace(place), at) < 0)
    .filter(({ present, speakers }) => present.includes(name) || speakers.includes(name));
  if (heard.length === 0) return undefined;
  const others = heard.flatMap(({ speakers }) => speakers);
  return new Set(others.filter((other) => other !== name && !isCollective(other)));
}

/** "a room in the castle" from "SCENE II. A room in the castle."; empty if the heading names no place. */
function locationOf(heading: string): string {
  const place = /^\W*scene\s+\w+\s*[.:,-]\s*(.*?)\W*$/i.exec(heading)?.[1] ?? '';
  if (/^the same\b/i.test(place)) return '';
  return place.replace(/^(?:An?|The|Another)\b/, (article) => article.toLowerCase());
}

export function speechesOf({ elements }: Scene): Speech[] {
  return elements.filter((element): element is Speech => element.kind === 'speech');
}

function* neighbours<T>(items: readonly T[]): Generator<readonly [T, T]> {
  for (let i = 1; i < items.length; i++) yield [items[i - 1]!, items[i]!];
}
