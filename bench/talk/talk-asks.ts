import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Somebody of a play who is talked with. */
interface Who {
  /** The visitor's line, such as a person types it. */
  readonly character: string;
  readonly play: string;
}

/** One conversation of the bench: its visitor's lines, put one after another. */
export interface Ask extends Who {
  /** Unique, and the same in every run. */
  readonly id: string;
  readonly part: 'question' | 'mask' | 'echo' | 'early' | 'talk';
  readonly lines: readonly string[];
  /** Seed of the first answer; each further one takes the next. */
  readonly seed: number;
  /** The point in the story; all of it is over unless given. */
  readonly at?: string | undefined;
  /** Whether the lever `unknown` is on, which by default it is not. */
  readonly hidesUnknown?: boolean | undefined;
  /** Patterns of what only somebody says who knows what comes later. */
  readonly reject?: readonly string[] | undefined;
}

/** A question put before it happens, and what gives away that it will. */
interface Early extends Who {
  readonly at: string;
  readonly question: string;
  readonly reject: readonly string[];
}

interface TalkFile {
  readonly characters: readonly { readonly name: string; readonly play: string }[];
  readonly questions: Readonly<Record<string, readonly string[]>>;
  readonly mask: readonly string[];
  readonly echo: readonly string[];
  readonly early: readonly (Omit<Early, 'question'> & { readonly questions: readonly string[] })[];
  readonly talks: readonly (Who & { readonly lines: readonly string[] })[];
}

const path = new URL('../../../bench/talk/questions.json', import.meta.url);
/** How far apart in the list of characters those stand who are asked the same. */
const strides = [0, 3, 5] as const;

/** All conversations of the bench, those with one character together: opening one takes seconds. */
export function talkAsks(): readonly Ask[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as TalkFile;
  const whoever = (i: number): Who => {
    const { name, play } = file.characters[i % file.characters.length]!;
    return { character: name, play };
  };
  const ask = (
    part: Ask['part'],
    who: Who,
    lines: readonly string[],
    more: Partial<Ask> & { readonly seed: number; readonly key: string },
  ): Ask => {
    const { key, ...rest } = more;
    const { character, play } = who;
    return { id: `${part}/${character}/${key}`, part, character, play, lines, ...rest };
  };
  const questions = Object.values(file.questions).flat();
  const asks = [
    ...questions.flatMap((question, i) =>
      strides.map((stride, j) =>
        ask('question', whoever(i + stride), [question], { seed: j + 1, key: `${i}` }),
      ),
    ),
    ...file.mask.map((text, i) => ask('mask', whoever(i), [text], { seed: 1, key: `${i}` })),
    ...file.echo.map((text, i) => ask('echo', whoever(i), [text], { seed: 1, key: `${i}` })),
    ...[...file.early.flatMap(singly), ...keyed()].flatMap((early, i) =>
      [false, true].map((hidesUnknown) =>
        ask('early', early, [early.question], {
          seed: 1,
          key: `${i}-${hidesUnknown ? 'on' : 'off'}`,
          at: early.at,
          hidesUnknown,
          reject: early.reject,
        }),
      ),
    ),
    ...file.talks.map((talk) => ask('talk', talk, talk.lines, { seed: 1, key: '1' })),
  ];
  return asks.sort((a, b) => order(a).localeCompare(order(b)));
}

/** Hash of what is asked: answers to something else are no answers to it. */
export function asksHash(asks: readonly Ask[]): string {
  return createHash('sha256').update(JSON.stringify(asks)).digest('hex').slice(0, 12);
}

const singly = ({ questions, ...early }: TalkFile['early'][number]): Early[] =>
  questions.map((question) => ({ ...early, question }));

const order = ({ play, character, part }: Ask): string => `${play} ${character} ${part}`;

/** The questions of data/questions on what is yet to come, with the keys of what gives it away. */
function keyed(): Early[] {
  return ['hamlet', 'macbeth'].flatMap((play) => {
    const file = new URL(`../../../data/questions/${play}.jsonl`, import.meta.url);
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"unknown": "before"'))
      .map((line) => JSON.parse(line) as Keyed)
      .map(({ character, at, question, reject }) => ({
        character: character.toLowerCase(),
        ...{ play, at, question, reject },
      }));
  });
}

/** A line of data/questions, of what the bench needs. */
interface Keyed {
  readonly character: string;
  readonly at: string;
  readonly question: string;
  readonly reject: readonly string[];
}
