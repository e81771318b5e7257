import { isCollective } from './cast/label.ts';
import { type ParticularWord, particularWords } from './particular-words.ts';
import type { Play, PlayFormat, Speech } from './play.ts';
import { speeches, speechParts } from './speeches.ts';
import { words } from './words.ts';

/** What a play is made of. Words are counted by `words`; a joint speech counts for each of its speakers. */
export interface Exploration {
  readonly title: string;
  readonly format: PlayFormat;
  readonly totals: Totals;
  /** The most talkative first. */
  readonly characters: readonly CharacterFigures[];
  /** How many speeches have up to so many words, and more than the row before. */
  readonly speechLengths: readonly { readonly upToWords: number; readonly speeches: number }[];
  readonly scenes: readonly SceneFigures[];
  /** Who speaks right after whom within a scene, the commonest first. */
  readonly answers: readonly Answer[];
  readonly vocabulary: readonly {
    readonly name: string;
    readonly words: readonly ParticularWord[];
  }[];
  readonly cleaning: Cleaning;
}

interface Totals {
  readonly acts: number;
  readonly scenes: number;
  readonly speeches: number;
  readonly jointSpeeches: number;
  readonly lines: number;
  readonly words: number;
  readonly directions: number;
}

interface CharacterFigures {
  readonly name: string;
  readonly speeches: number;
  readonly words: number;
  /** Share of all words of the play, 0 to 1. */
  readonly share: number;
  readonly medianSpeechWords: number;
  readonly longestSpeechWords: number;
  /** Scenes the character is on stage in. */
  readonly scenes: number;
}

interface SceneFigures {
  /** "act.scene" */
  readonly place: string;
  readonly heading: string;
  readonly speeches: number;
  readonly words: number;
  /** Name → share of the scene's words that are spoken while they are on stage, 0 to 1. */
  readonly presence: Readonly<Record<string, number>>;
}

interface Answer {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** What the parser repaired, and what it could not tell. */
interface Cleaning {
  /** Share of speeches whose speakers are all on stage, by the directions or by repair, 0 to 1. */
  readonly onStageShare: number;
  readonly continuedSpeeches: number;
  readonly boilerplateLines: number;
  /** Warnings by what they say, names and places left out, the commonest first. */
  readonly warnings: readonly {
    readonly kind: string;
    readonly count: number;
    readonly example: string;
  }[];
}

/** Ends of the rows of speech lengths, in words. */
const lengthSteps = [2, 5, 10, 20, 40, 80, 160, 320, Infinity];
/** Characters whose vocabulary is shown, if they speak enough words. */
const vocabularyOf = 12;
const enoughWords = 200;

/** Counts everything there is to see in a play; pure, and the same for the same play. */
export function explore(play: Play): Exploration {
  const whole = [...speeches(play)].map(({ speech }) => ({ speech, length: length(speech) }));
  const scenes = sceneFigures(play);
  const totalWords = whole.reduce((sum, { length: n }) => sum + n, 0);
  return {
    title: play.title,
    format: play.format,
    totals: {
      acts: play.acts.length,
      scenes: scenes.length,
      speeches: whole.length,
      jointSpeeches: whole.filter(({ speech }) => speech.speakers.length > 1).length,
      lines: whole.reduce((sum, { speech }) => sum + speech.lines.length, 0),
      words: totalWords,
      directions: countDirections(play),
    },
    characters: characterFigures(play, whole, scenes, totalWords),
    speechLengths: lengthSteps.map((upToWords, i) => ({
      upToWords,
      speeches: whole.filter(({ length: n }) => n <= upToWords && n > (lengthSteps[i - 1] ?? -1))
        .length,
    })),
    scenes,
    answers: answers(play),
    vocabulary: vocabulary(play),
    cleaning: cleaning(play),
  };
}

const length = (speech: Speech): number => words(speech.lines.join('\n')).length;

function countDirections(play: Play): number {
  return play.acts
    .flatMap(({ scenes }) => scenes)
    .reduce(
      (sum, { elements }) => sum + elements.filter(({ kind }) => kind === 'direction').length,
      0,
    );
}

function characterFigures(
  play: Play,
  whole: readonly { speech: Speech; length: number }[],
  scenes: readonly SceneFigures[],
  totalWords: number,
): CharacterFigures[] {
  const lengths = new Map<string, number[]>();
  for (const { speech, length: n } of whole)
    for (const name of speech.speakers) lengths.set(name, [...(lengths.get(name) ?? []), n]);
  return play.cast
    .filter((member) => member.speeches > 0)
    .map((member) => {
      const own = (lengths.get(member.name) ?? []).sort((a, b) => a - b);
      return {
        name: member.name,
        speeches: member.speeches,
        words: member.words,
        share: totalWords === 0 ? 0 : member.words / totalWords,
        medianSpeechWords: own[own.length >> 1] ?? 0,
        longestSpeechWords: own.at(-1) ?? 0,
        scenes: scenes.filter(({ presence }) => (presence[member.name] ?? 0) > 0).length,
      };
    });
}

function sceneFigures(play: Play): SceneFigures[] {
  return play.acts.flatMap((act) =>
    act.scenes.map((scene) => {
      const spoken = scene.elements.filter((element) => element.kind === 'speech');
      const heard = new Map<string, number>();
      let total = 0;
      for (const speech of spoken) {
        const n = length(speech);
        total += n;
        for (const name of speech.present) heard.set(name, (heard.get(name) ?? 0) + n);
      }
      return {
        place: `${act.number}.${scene.number}`,
        heading: scene.heading,
        speeches: spoken.filter(({ continued }) => !continued).length,
        words: total,
        presence: Object.fromEntries(
          [...heard].map(([name, n]) => [name, total === 0 ? 0 : n / total]),
        ),
      };
    }),
  );
}

function answers(play: Play): Answer[] {
  const counts = new Map<string, Answer & { count: number }>();
  let last: { scene: unknown; speech: Speech } | undefined;
  for (const { scene, speech } of speeches(play)) {
    if (last?.scene === scene)
      for (const from of last.speech.speakers)
        for (const to of speech.speakers) {
          if (from === to) continue;
          const key = `${from}\n${to}`;
          const known = counts.get(key) ?? { from, to, count: 0 };
          known.count++;
          counts.set(key, known);
        }
    last = { scene, speech };
  }
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function vocabulary(play: Play): Exploration['vocabulary'] {
  const spoken = new Map<string, string[]>();
  for (const { speech } of speechParts(play))
    for (const name of speech.speakers) {
      const own = spoken.get(name) ?? [];
      own.push(...words(speech.lines.join('\n')));
      spoken.set(name, own);
    }
  const all = [...spoken.values()].flat();
  return play.cast
    .filter((member) => member.words >= enoughWords && !isCollective(member.name))
    .slice(0, vocabularyOf)
    .map(({ name }) => ({ name, words: particularWords(spoken.get(name) ?? [], all) }));
}

function cleaning(play: Play): Cleaning {
  const parts = [...speechParts(play)].map(({ speech }) => speech);
  const first = parts.filter(({ continued }) => !continued);
  const there = first.filter(({ speakers, present }) =>
    speakers.every((name) => present.includes(name)),
  );
  const kinds = new Map<string, { kind: string; count: number; example: string }>();
  for (const { message, line } of play.warnings) {
    const kind = message
      .replace(/".*"/, '"…"')
      .replace(/^[\p{Lu}][\p{Lu}' -]+(?= speaks)/u, 'Somebody')
      .replace(/ at \d+\.\d+(?:\.\d+)?/, '')
      .replace(/\d+/g, 'N');
    const known = kinds.get(kind) ?? { kind, count: 0, example: `line ${line}: ${message}` };
    known.count++;
    kinds.set(kind, known);
  }
  return {
    onStageShare: first.length === 0 ? 1 : there.length / first.length,
    continuedSpeeches: parts.length - first.length,
    boilerplateLines: play.boilerplate?.length ?? 0,
    warnings: [...kinds.values()].sort((a, b) => b.count - a.count),
  };
}
