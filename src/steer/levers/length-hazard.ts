import type { Model } from '../../engine/model.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { words } from '../../play/words.ts';
import { grammarWeight, type Push } from '../push.ts';
import { ownSpeeches } from './own-speeches.ts';

/** Sentences that a hazard of their own is counted after; what comes later counts as the last. */
export const mostSentences = 12;
/** Chances are few late in a speech: from one of these on to the next they are counted together. */
const borders = [1, 2, 3, 4, 6, 8, 12];
/** Log-weight of an end inside a sentence: seldom, and not never. */
export const insideSentence = -6;

/** How likely a character is to stop where a sentence ends, by the sentences said until then. */
export interface LengthHazard {
  /** Chances to stop after so many sentences, 1 or more. */
  at(sentences: number): number;
  /** Words that 19 of 20 of the character's speeches have at most. */
  readonly longest: number;
}

/**
 * Counted at every end of a sentence in the character's own speeches: did they stop there? With one stop in two chances
 * added, so that nothing is certain.
 *
 * @see Kaplan and Meier, "Nonparametric estimation from incomplete observations", 1958: the discrete hazard.
 */
export function lengthHazard(play: Play, character: CastMember): LengthHazard {
  const chances = borders.map(() => 2);
  const stops = borders.map(() => 1);
  const lengths: number[] = [];
  for (const lines of ownSpeeches(play, character)) {
    const text = lines.join(' ');
    const last = sentencesIn(text);
    for (let count = 1; count <= last; count++) chances[bucketOf(count)]!++;
    if (last > 0) stops[bucketOf(last)]!++;
    lengths.push(words(text).length);
  }
  lengths.sort((a, b) => a - b);
  return {
    at: (count) => stops[bucketOf(count)]! / chances[bucketOf(count)]!,
    longest: lengths[Math.floor(0.95 * (lengths.length - 1))] ?? 0,
  };
}

const bucketOf = (count: number): number => borders.findLastIndex((border) => border <= count);

const mark = '.!?…';
const closer = `"'”’)\\]`;

/** Sentences of a speech; what stands after the last mark counts as one. */
export function sentencesIn(text: string): number {
  const ends = [...text.matchAll(/[.!?…][.!?…"'”’)\]\s]*/g)];
  const end = ends.at(-1);
  const isClosed = end && end.index + end[0].length === text.length;
  // A text that begins with marks has said nothing before them.
  const begun = ends.length > 0 && /^[.!?…"'”’)\]\s]*[.!?…]/.test(text) ? 1 : 0;
  return ends.length - begun + (isClosed || text.trim() === '' ? 0 : 1);
}

/**
 * Lets a reply end as the character's speeches do: after sentence n, that it ends counts h(n), that it goes on 1 − h(n).
 * It is a factor beside the model's own chance to end there, not in its place.
 *
 * The heavier of the two counts 1, so that the mark before them costs nothing.
 */
export function lengthPush(hazard: LengthHazard, tokensPerWord: number): Push {
  const rules = Array.from({ length: mostSentences }, (_, i) => {
    const stop = hazard.at(i + 1);
    const most = Math.max(stop, 1 - stop);
    const next = Math.min(i + 2, mostSentences);
    const over = `${grammarWeight(Math.log(stop / most))} ""`;
    const go = `${grammarWeight(Math.log((1 - stop) / most))} s${next}`;
    return `s${i + 1} ::= start inner* (${grammarWeight(insideSentence)} "" | end (${over} | ${go}))`;
  });
  return {
    grammar: [
      `root ::= [${mark}${closer} \\t\\r\\n]* s1`,
      `start ::= [^${mark}${closer} \\t\\r\\n]`,
      `inner ::= [^${mark}]`,
      `end ::= [${mark}] [${mark}${closer} \\t\\r\\n]*`,
      ...rules,
      '',
    ].join('\n'),
    maxTokens: Math.ceil(Math.max(16, hazard.longest) * tokensPerWord) + 32,
    about: `to stop as the speeches do: ${borders
      .map((from) => `${Math.round(100 * hazard.at(from))} % after ${from}`)
      .join(', ')} sentences`,
  };
}

/** Tokens a word of the character's own lines, from their first ten thousand letters; 1.5 for who says nothing. */
export function tokensPerWord(
  model: Pick<Model, 'tokenize'>,
  play: Play,
  character: CastMember,
): number {
  const text = play.acts
    .flatMap(({ scenes }) => scenes)
    .flatMap(({ elements }) => elements)
    .flatMap((element) =>
      element.kind === 'speech' && element.speakers.includes(character.name) ? element.lines : [],
    )
    .join('\n')
    .slice(0, 10_000);
  return text === '' ? 1.5 : model.tokenize(text).length / Math.max(1, words(text).length);
}
