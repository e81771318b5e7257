import type { CastMember, Play } from '../../play/play.ts';
import { speechParts } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';

const most = 16;
/** Fewer uses than this say nothing about a person. */
const leastUses = 4;
/** How many times more often than the others of the play. */
const leastRatio = 2.5;
/** Added to both counts, so that a word nobody else says is not infinitely particular. */
const smoothing = 2;

/**
 * Words that a character says far more often than the rest of the cast, the most particular first,
 * names of the cast and short words left out.
 */
export function characterWords(play: Play, character: CastMember): string[] {
  const own = new Map<string, number>();
  const others = new Map<string, number>();
  let ownTotal = 0;
  let otherTotal = 0;
  for (const { speech } of speechParts(play)) {
    const isOwn = speech.speakers.includes(character.name);
    const counts = isOwn ? own : others;
    for (const word of words(speech.lines.join(' '))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      if (isOwn) ownTotal++;
      else otherTotal++;
    }
  }
  const names = new Set(
    play.cast.flatMap(({ name, aliases }) => words([name, ...aliases].join(' '))),
  );
  const ratio = (word: string): number =>
    (own.get(word)! + smoothing) /
    (ownTotal + 1) /
    (((others.get(word) ?? 0) + smoothing) / (otherTotal + 1));
  return [...own]
    .filter(([word, uses]) => uses >= leastUses && word.length > 3 && !names.has(word))
    .map(([word]) => ({ word, ratio: ratio(word) }))
    .filter((one) => one.ratio >= leastRatio)
    .sort((a, b) => b.ratio - a.ratio || (a.word < b.word ? -1 : 1))
    .slice(0, most)
    .map(({ word }) => word);
}
