import { isCollective } from '../play/cast/label.ts';
import { clauses } from '../play/direction.ts';
import type { Direction, Play, SceneElement, Speech } from '../play/play.ts';
import { speechParts } from '../play/speeches.ts';
import { words } from '../play/words.ts';

/** A scene as those who take part in the story could tell of it. */
export interface SceneFacts {
  /** "3.1". */
  readonly scene: string;
  readonly sayings: readonly Saying[];
  /** Who is on stage for any of its speeches. */
  readonly present: ReadonlySet<string>;
  readonly deaths: readonly Death[];
  readonly letters: readonly Letter[];
}

/** What one person begins to say, before a direction breaks in or the speech ends. */
export interface Saying {
  readonly speaker: string;
  readonly place: string;
  /** In one paragraph. */
  readonly text: string;
  readonly words: number;
  /** Who is on stage while it is said. Nobody else hears it. */
  readonly present: readonly string[];
  /** Said aside: those on stage do not hear it either. */
  readonly aside: boolean;
}

/** Somebody dies on stage. Who dies behind it is in no direction, and so not here. */
interface Death {
  readonly who: string;
  /** Place of the speech before it. */
  readonly place: string;
  /** Who sees it. */
  readonly witnesses: readonly string[];
}

/** Somebody reads a letter out. */
interface Letter {
  readonly reader: string;
  /** Place of the words read. */
  readonly place: string;
  readonly audience: readonly string[];
}

/** Two persons are on stage together for the first time. */
export interface Meeting {
  readonly persons: readonly [string, string];
  readonly scene: string;
  /** Place of the first speech that both hear. */
  readonly place: string;
}

const known = new WeakMap<Play, readonly SceneFacts[]>();

/** What happens in each scene with speeches, in the order of the story; worked out once for each play. */
export function factsOf(play: Play): readonly SceneFacts[] {
  let found = known.get(play);
  if (!found) {
    found = play.acts.flatMap(({ number, scenes }) =>
      scenes
        .map((scene) => sceneFacts(`${number}.${scene.number}`, scene.elements))
        .filter(({ sayings }) => sayings.length > 0),
    );
    known.set(play, found);
  }
  return found;
}

function sceneFacts(scene: string, elements: readonly SceneElement[]): SceneFacts {
  return {
    scene,
    sayings: sayingsIn(elements),
    present: new Set(elements.flatMap((one) => (one.kind === 'speech' ? one.present : []))),
    deaths: deathsIn(elements),
    letters: lettersIn(elements),
  };
}

function sayingsIn(elements: readonly SceneElement[]): Saying[] {
  return elements.flatMap((element, at) => {
    if (element.kind !== 'speech' || element.continued) return [];
    const [speaker, another] = element.speakers;
    if (!speaker || another || isCollective(speaker)) return [];
    const before = elements[at - 1];
    const text = element.lines.join(' ').replace(/\s+/g, ' ').trim();
    return [
      {
        speaker,
        place: element.place,
        text,
        words: words(text).length,
        present: element.present,
        aside: before?.kind === 'direction' && /\baside\b/i.test(before.text),
      },
    ];
  });
}

/** First meetings in the order of the story. */
export function meetingsOf(play: Play): Meeting[] {
  const met = new Map<string, Meeting>();
  for (const { act, scene, speech } of speechParts(play)) {
    const persons = speech.present.filter((name) => !isCollective(name));
    persons.forEach((one, i) => {
      for (const other of persons.slice(i + 1)) {
        const key = `${one}\n${other}`;
        const at = `${act.number}.${scene.number}`;
        if (!met.has(key)) met.set(key, { persons: [one, other], scene: at, place: speech.place });
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
