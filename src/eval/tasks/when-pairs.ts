import type { Source } from '../../corpus/source.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { displayName } from '../../play/cast/display-name.ts';
import { isCollective } from '../../play/cast/label.ts';
import type { Play } from '../../play/play.ts';
import { factsOf, meetingsOf, type Saying, type SceneFacts } from '../facts.ts';
import type { Matter, Particulars } from './when-questions.ts';

/** What it takes to answer: as TimeChara has it. */
export type Type = 'future' | 'absence' | 'presence' | 'past';

/** One question at one point of the story. */
export interface Twin {
  readonly type: Type;
  /** The scene before which it is asked; without it, after the play. */
  readonly at?: string | undefined;
  readonly about: Particulars;
  readonly knows: boolean;
}

/** Two questions that differ in one thing, which turns the answer round. */
export interface Pair {
  readonly character: string;
  readonly matter: Matter;
  /** Scene of the fact in question. */
  readonly scene: string;
  readonly place: string;
  /** The one that must not be known first. */
  readonly twins: readonly [Twin, Twin];
}

/** Who says less than this share of the words is asked nothing. */
const leastShare = 0.02;
/** Words of a speech that are quoted. */
const mostQuoted = 14;
const leastQuoted = 7;

/** Names of those who are asked: who say 2 % of the words or more, ten in Hamlet, nine in Macbeth. */
export function askedIn({ cast }: Play): readonly string[] {
  const persons = cast.filter(({ name, speeches }) => speeches > 0 && !isCollective(name));
  const all = persons.reduce((sum, { words }) => sum + words, 0);
  return persons.filter(({ words }) => words >= leastShare * all).map(({ name }) => name);
}

/** All pairs that the play's facts give for one character, in the order of their scenes. */
export function pairsOf(source: Source, character: string): Pair[] {
  const story = new Story(source, character);
  const pairs = [
    ...story.wordsHeard(),
    ...story.wordsMissed(),
    ...story.whoSpoke(),
    ...story.letters(),
    ...story.deaths(),
    ...story.meetings(),
  ];
  return factsOf(source.play).flatMap(({ scene }) => pairs.filter((pair) => pair.scene === scene));
}

/** The story as one character lives it: scenes are numbered in order, and a point is the scene it is before. */
class Story {
  readonly #source: Source;
  readonly #character: string;
  readonly #scenes: readonly SceneFacts[];
  /** By scene: the longest thing that somebody else says in the character's hearing. */
  readonly #heard: readonly (Saying | undefined)[];
  /** The last point at which the character can be asked: nobody asks the dead, nor who never comes back. */
  readonly #last: number;

  constructor(source: Source, character: string) {
    this.#source = source;
    this.#character = character;
    this.#scenes = factsOf(source.play);
    this.#heard = this.#scenes.map(({ sayings }) =>
      longest(sayings.filter((said) => this.#hears(said) && !said.aside)),
    );
    const seen = this.#scenes.findLastIndex(({ present }) => present.has(character));
    const dies = this.#scenes.findIndex(({ deaths }) =>
      deaths.some(({ who }) => who === character),
    );
    this.#last = dies >= 0 ? dies : seen + 1;
  }

  /** Words the character hears: not known before the scene, known after it. */
  wordsHeard(): Pair[] {
    return this.#heard.flatMap((said, i) =>
      said ? this.#beforeAndAfter('words', i, said.place, quoted(said)) : [],
    );
  }

  /** Words said where the character was not; at the same point, others that it heard. */
  wordsMissed(): Pair[] {
    return this.#scenes.flatMap(({ present, sayings }, i) => {
      const missed = present.has(this.#character) ? undefined : longest(sayings);
      const other = this.#nearestHeard(i);
      if (!missed || other === undefined) return [];
      const point = Math.max(i, other) + 1;
      if (point > this.#last) return [];
      const at = this.#at(point);
      return [
        this.#pair('words', i, missed.place, [
          { type: 'absence', at, about: quoted(missed), knows: false },
          { type: 'presence', at, about: quoted(this.#heard[other]!), knows: true },
        ]),
      ];
    });
  }

  /** Who said what the character heard: the speaker, or another who was there. */
  whoSpoke(): Pair[] {
    return this.#heard.flatMap((said, i) => {
      if (!said || i + 1 > this.#last) return [];
      const others = this.#othersIn(i).filter(
        (name) => name !== said.speaker && said.present.includes(name),
      );
      if (others.length === 0) return [];
      const impostor = others[seedOf(said.place, this.#character) % others.length]!;
      const about = quoted(said);
      const at = this.#at(i + 1);
      return [
        this.#pair('speaker', i, said.place, [
          { type: 'past', at, about: { ...about, who: displayName(impostor) }, knows: false },
          { type: 'past', at, about, knows: true },
        ]),
      ];
    });
  }

  letters(): Pair[] {
    return this.#scenes.flatMap(({ letters }, i) =>
      letters
        .filter(({ reader, audience }) => this.#hears({ speaker: reader, present: audience }))
        .flatMap(({ reader, place }) =>
          this.#beforeAndAfter('letter', i, place, { who: displayName(reader) }),
        ),
    );
  }

  /** Deaths the character sees, before and after; and after, the dead beside one who lives on. */
  deaths(): Pair[] {
    return this.#scenes.flatMap(({ deaths }, i) =>
      deaths
        .filter(({ witnesses }) => witnesses.includes(this.#character))
        .flatMap(({ who, place }) => {
          const about = { who: displayName(who) };
          const pairs = this.#beforeAndAfter('death', i, place, about);
          const alive = this.#othersIn(i).find((name) => this.#isSeenAfter(name, i));
          if (pairs.length === 0 || !alive) return pairs;
          const at = this.#at(i + 1);
          const past = this.#pair('death', i, place, [
            { type: 'past', at, about: { who: displayName(alive) }, knows: false },
            { type: 'past', at, about, knows: true },
          ]);
          return [...pairs, past];
        }),
    );
  }

  /**
   * First meetings on stage with others who are asked. Who meets behind it is in no direction, so a few of these
   * may be known earlier than is taken here.
   */
  meetings(): Pair[] {
    const asked = askedIn(this.#source.play);
    return meetingsOf(this.#source.play).flatMap(({ persons, scene, place }) => {
      const other = persons.find((name) => name !== this.#character)!;
      if (!persons.includes(this.#character) || !asked.includes(other)) return [];
      const index = this.#scenes.findIndex((facts) => facts.scene === scene);
      return this.#beforeAndAfter('meeting', index, place, { who: displayName(other) });
    });
  }

  #beforeAndAfter(matter: Matter, index: number, place: string, about: Particulars): Pair[] {
    if (index < 0 || index + 1 > this.#last) return [];
    return [
      this.#pair(matter, index, place, [
        { type: 'future', at: this.#at(index), about, knows: false },
        { type: 'presence', at: this.#at(index + 1), about, knows: true },
      ]),
    ];
  }

  #pair(matter: Matter, index: number, place: string, twins: Pair['twins']): Pair {
    return { character: this.#character, matter, scene: this.#scenes[index]!.scene, place, twins };
  }

  /** The last scene of the same part before scene `index` in which words were heard, else the first after it. */
  #nearestHeard(index: number): number | undefined {
    const { split } = this.#source;
    const partOf = (i: number): string => split.partOf(this.#scenes[i]!.scene);
    const fitting = this.#heard.flatMap((said, i) =>
      said && partOf(i) === partOf(index) ? [i] : [],
    );
    return fitting.findLast((i) => i < index) ?? fitting.find((i) => i > index);
  }

  /** Said by somebody else while the character is there. */
  #hears({ speaker, present }: Pick<Saying, 'speaker' | 'present'>): boolean {
    return speaker !== this.#character && present.includes(this.#character);
  }

  /** Who else speaks in a scene, alone. */
  #othersIn(index: number): string[] {
    return this.#scenes[index]!.sayings.flatMap(({ speaker }) =>
      speaker === this.#character ? [] : [speaker],
    );
  }

  #isSeenAfter(name: string, index: number): boolean {
    return this.#scenes.slice(index + 1).some(({ present }) => present.has(name));
  }

  /** The scene that a point is before; undefined after the last. */
  #at(point: number): string | undefined {
    return this.#scenes[point]?.scene;
  }
}

function longest(sayings: readonly Saying[]): Saying | undefined {
  let best: Saying | undefined;
  for (const said of sayings)
    if (said.words >= leastQuoted && said.words > (best?.words ?? 0)) best = said;
  return best;
}

/** The first words, as far as a stop among them. */
function quoted({ speaker, text }: Saying): Particulars {
  const list = text.split(' ').slice(0, mostQuoted);
  const stop = list.findLastIndex((word, i) => i + 1 >= leastQuoted && /[.,;:?!]$/.test(word));
  const kept = stop < 0 ? list : list.slice(0, stop + 1);
  const words = kept.join(' ').replace(/^[\s.…—-]+|[\s.,;:?!—-]+$/g, '');
  return { who: displayName(speaker), words };
}
