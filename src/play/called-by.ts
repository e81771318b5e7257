import type { ProperName } from './proper-names.ts';

/** What may stand between a comma and the name that calls someone: "Come, my dear Horatio,". */
const lead =
  'o|all|my|our|thou|most|good|gentle|sweet|dear|noble|worthy|brave|fair|poor|old|young|kind|great|valiant|royal|honest|' +
  'lord|lady|king|queen|prince|thane|sir|cousin|son|daughter|sister|brother|friend|friends|' +
  'come|thanks|ho|nay|no|farewell|welcome|adieu|hail|now|what|speak|look|ay|why|here|peace';
/** What goes on about someone and does not call them: "our eldest, Malcolm, whom we name". */
const about = '(?!,?\\s+(?:who|whom|whose|which|is|was|hath|has)\\b)';

/**
 * Whom a speech calls by name: the names that stand between stops, with no more than words of address before them. A
 * name in the run of a sentence speaks about someone.
 *
 * @returns One name for each person who is called.
 */
export function calledBy(text: string, names: readonly ProperName[]): ProperName[] {
  const called = names.filter(({ word }) => text.includes(word) && vocative(word).test(text));
  return [...new Map(called.map((one) => [one.person, one])).values()];
}

const vocatives = new Map<string, RegExp>();

function vocative(word: string): RegExp {
  const known = vocatives.get(word);
  if (known) return known;
  const made = new RegExp(
    `(?:^|[,;:.!?—-]\\s*)(?:(?:${lead})\\s+)*${word}(?=[,;:.!?—-]|$)${about}`,
    'i',
  );
  vocatives.set(word, made);
  return made;
}
