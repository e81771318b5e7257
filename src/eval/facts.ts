import { clauses } from '../play/direction.ts';
import { isCollective } from '../play/label.ts';
import type { Direction, Play, SceneElement, Speech } from '../play/play.ts';
import { sceneTurns, type Turn } from './scene-turns.ts';

/** A scene as those who take part in the story could tell of it. */
export interface SceneFacts {
  /** "3.1". */
  readonly scene: string;
  readonly turns: readonly Turn[];
  /** Who is on stage for any of its speeches. */
  readonly present: ReadonlySet<string>;
  readonly deaths: readonly Death[];
  readonly letters: readonly Letter[];
}

/** Somebody dies on stage. Who dies behind it is in no direction, and so not here. */
export interface Death {
  readonly who: string;
  /** Of the speech before it. */
  readonly place: string;
  /** Who sees it. */
  readonly witnesses: readonly string[];
}

/** Somebody reads a letter out. */
export interface Letter {
  readonly reader: string;
  /** Of the words read. */
  readonly place: string;
  readonly audience: readonly string[];
}

/** Two persons are on stage together for the first time. */
export interface Meeting {
  readonly persons: readonly [string, string];
  readonly scene: string;
  /** Of the first speech that both hear. */
  readonly place: string;
}

const known = new WeakMap<Play, readonly SceneFacts[]>();

/** What happens in each scene with speeches, in the order of the story; worked out once for each play. */
export function factsOf(play: Play): readonly SceneFacts[] {
  let found = known.get(play);
  if (!found) {
    const elements = new Map<string, readonly SceneElement[]>(
      play.acts.flatMap(({ number, scenes }) =>
        scenes.map((scene) => [`${number}.${scene.number}`, scene.elements] as const),
      ),
    );
    found = sceneTurns(play).map(({ scene, turns }) => ({
      scene,
      turns,
      present: new Set(turns.flatMap(({ present }) => present)),
      deaths: deathsIn(elements.get(scene) ?? []),
      letters: lettersIn(elements.get(scene) ?? []),
    }));
    known.set(play, found);
  }
  return found;
}

/** First meetings in the order of the story. */
export function meetingsOf(play: Play): Meeting[] {
  const met = new Map<string, Meeting>();
  for (const { scene, turns } of factsOf(play))
    for (const { present, place } of turns) {
      const persons = present.filter((name) => !isCollective(name));
      persons.forEach((one, i) => {
        for (const other of persons.slice(i + 1)) {
          const key = `${one}\n${other}`;
          if (!met.has(key)) met.set(key, { persons: [one, other], scene, place });
        }
      });
    }
  return [...met.values()];
}

function deathsIn(elements: readonly SceneElement[]): Death[] {
  const deaths: Death[] = [];
  let before: Speech | undefined;
  elements.forEach((element, at) => {
    if (element.kind === 'speech') before = element;
    else if (before)
      for (const who of dying(element)) {
        const next = elements.slice(at).find((later) => later.kind === 'speech');
        const seen = new Set([...before.present, ...(next?.present ?? [])]);
        seen.delete(who);
        deaths.push({ who, place: before.place, witnesses: [...seen].sort() });
      }
  });
  return deaths;
}

/** Who leaves the stage by a direction because they die: "Dies. FLEANCE escapes" is not about Fleance. */
function dying({ text, exits = [] }: Direction): readonly string[] {
  const parts = clauses(text, false);
  const fatal = parts.filter(({ move }) => move === 'die');
  if (fatal.length === 0) return [];
  const named = exits.filter((name) => fatal.some(({ who }) => names(who, name)));
  if (named.length > 0) return named;
  return exits.filter((name) => !parts.some(({ move, who }) => move !== 'die' && names(who, name)));
}

const names = (phrase: string, name: string): boolean =>
  name.split(/[ -]/).some((word) => word.length > 2 && phrase.toUpperCase().includes(word));

/** "Reads", "Reads the letter", "Enter LADY MACBETH, reading a letter". */
const readsLetter = /^\W*reads\b|\bletter\b/i;

function lettersIn(elements: readonly SceneElement[]): Letter[] {
  const letters: Letter[] = [];
  let reading = false;
  let last: Letter | undefined;
  for (const element of elements) {
    if (element.kind === 'direction') reading ||= readsLetter.test(element.text);
    else {
      const [reader] = element.speakers;
      // A letter that goes on after a word to those who listen is still the same letter.
      if (reading && reader && last?.reader !== reader) {
        last = { reader, place: element.place, audience: element.present };
        letters.push(last);
      }
      reading = false;
    }
  }
  return letters;
}
