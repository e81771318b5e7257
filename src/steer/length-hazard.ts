import type { CastMember, Play } from '../play/play.ts';
import { words } from '../play/words.ts';
import { ownSpeeches } from './own-speeches.ts';
import { noPush, type Push } from './push.ts';
import { each, endsSentence, endTokens } from './reply-ends.ts';

/** From so many words on to the next: lengths whose hazard is counted together. */
const borders = [0, 4, 8, 16, 32, 64, 128];
/** Log-weight of an end inside a sentence: seldom, and not never. */
const insideSentence = -6;

/** How likely a character is to stop where a sentence ends, by the words said until then. */
export interface LengthHazard {
  /** Chances to stop after a sentence that ends with so many words, 0 to 1. */
  at(words: number): number;
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
    const ends = sentenceEnds(lines.join(' '));
    ends.forEach((count, i) => {
      const bucket = bucketOf(count);
      chances[bucket]!++;
      if (i === ends.length - 1) stops[bucket]!++;
    });
    lengths.push(ends.at(-1) ?? 0);
  }
  lengths.sort((a, b) => a - b);
  return {
    at: (count) => stops[bucketOf(count)]! / chances[bucketOf(count)]!,
    longest: lengths[Math.floor(0.95 * (lengths.length - 1))] ?? 0,
  };
}

const bucketOf = (count: number): number => borders.findLastIndex((border) => border <= count);

/** Words said when each sentence ends; what stands after the last mark counts as a sentence. */
function sentenceEnds(text: string): number[] {
  const ends = [...text.matchAll(/[.!?…]["'”’)\]]*(?=\s|$)/g)].map(
    ({ index, 0: mark }) => words(text.slice(0, index + mark.length)).length,
  );
  const all = words(text).length;
  return ends.at(-1) === all ? ends : [...ends, all];
}

/**
 * Lets a reply end as the character's speeches do: at the end of a sentence, the end of the reply has the log-odds of
 * the hazard as its weight. It is a factor beside the model's own chance to end there, not in its place.
 */
export function lengthPush(
  model: Parameters<typeof endTokens>[0],
  hazard: LengthHazard,
  tokensPerWord: number,
): Push {
  const ends = endTokens(model);
  const never = each(ends, Number.NEGATIVE_INFINITY);
  const seldom = each(ends, insideSentence);
  return {
    after(text) {
      const count = words(text).length;
      if (count === 0) return never;
      if (!endsSentence(text)) return seldom;
      const chance = hazard.at(count);
      const weight = Math.log(chance / (1 - chance));
      return weight === 0 ? noPush : each(ends, weight);
    },
    maxTokens: Math.ceil(Math.max(16, hazard.longest) * tokensPerWord) + 32,
    about: `to stop as the speeches do: ${borders
      .map((from) => `${Math.round(100 * hazard.at(from))} % after ${from}`)
      .join(', ')} words`,
  };
}
