import type { Source } from '../../corpus/source.ts';
import { prng, seedOf } from '../../measure/statistics/prng.ts';
import type { Play } from '../../play/play.ts';
import { properNames } from '../../play/proper-names.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { words } from '../../play/words.ts';
import { lastWords } from '../turn-windows.ts';

/** A word of a speech, and what stands before it. */
export interface Gap {
  readonly scene: string;
  readonly turn: Turn;
  /** The speech up to the word. */
  readonly before: string;
  /** The right word first; all of them are as common in the play, within a factor of two. */
  readonly options: readonly string[];
  /** How often each occurs in the play. */
  readonly counts: readonly number[];
}

const optionCount = 4;
/** Words of a speech that are shown, and the fewest of them. */
const mostBefore = 60;
const leastBefore = 6;
/** Shorter words are mostly grammar, and so are the commonest. */
const leastLetters = 4;
const grammarWords = 150;

/** One gap of each speech that has a word to ask for. */
export function gapsOf({ play, sha256 }: Source): Gap[] {
  const counts = contentWords(play);
  const classes = byFrequency(counts);
  return sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.flatMap((turn): Gap[] => {
      const random = prng(seedOf(sha256, 'gap', turn.place));
      const spoken = turn.text.split(' ');
      const places = placesOf(spoken, counts);
      const at = places[Math.floor(random() * places.length)];
      if (at === undefined) return [];
      const right = words(spoken[at]!)[0]!;
      const inSpeech = new Set(words(turn.text));
      const like = classes
        .get(frequencyClass(counts.get(right)!))!
        .filter((word) => !inSpeech.has(word));
      const options = [right, ...drawn(like, optionCount - 1, random)];
      if (options.length < optionCount) return [];
      const before = lastWords(spoken.slice(0, at).join(' '), mostBefore);
      return [{ scene, turn, before, options, counts: options.map((word) => counts.get(word)!) }];
    }),
  );
}

/** Where a speech has a content word that does not begin a line or sentence: its capital would tell it. */
function placesOf(spoken: readonly string[], counts: ReadonlyMap<string, number>): number[] {
  return spoken.flatMap((word, at) => {
    if (at < leastBefore) return [];
    const [bare] = words(word);
    return bare !== undefined && word.startsWith(bare) && counts.has(bare) ? [at] : [];
  });
}

/** Words of one class are as common within a factor of two. */
const frequencyClass = (count: number): number => Math.floor(Math.log2(count));

function byFrequency(counts: ReadonlyMap<string, number>): ReadonlyMap<number, readonly string[]> {
  const classes = new Map<number, string[]>();
  for (const [word, count] of counts) {
    const own = frequencyClass(count);
    if (!classes.has(own)) classes.set(own, []);
    classes.get(own)!.push(word);
  }
  return classes;
}

/** Some of the words, each once; all of them if there are fewer. */
function drawn(from: readonly string[], count: number, random: () => number): string[] {
  const found = new Set<string>();
  while (found.size < Math.min(count, from.length))
    found.add(from[Math.floor(random() * from.length)]!);
  return [...found];
}

/** Words that say something and occur more than once, with how often they do: no names, no grammar. */
function contentWords(play: Play): ReadonlyMap<string, number> {
  const names = new Set(properNames(play).map(({ word }) => word.toLowerCase()));
  const counts = new Map<string, number>();
  const inSmall = new Set<string>();
  for (const { text } of sceneTurns(play).flatMap(({ turns }) => turns)) {
    for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const word of text.match(/(?<![\p{L}'’-])\p{Ll}+(?![\p{L}'’-])/gu) ?? [])
      inSmall.add(word);
  }
  const commonest = [...counts].sort(([, a], [, b]) => b - a).slice(0, grammarWords);
  const grammar = new Set(commonest.map(([word]) => word));
  return new Map(
    [...counts].filter(
      ([word, count]) =>
        count > 1 &&
        word.length >= leastLetters &&
        inSmall.has(word) &&
        !grammar.has(word) &&
        !names.has(word),
    ),
  );
}
