import type { Play } from '../play/play.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { words } from '../play/words.ts';
import { trainNaiveBayes } from './naive-bayes.ts';
import type { SceneTurn } from './task.ts';

/** In words: whose voice is known. */
const enoughWords = 200;

/** Share of the others present whose voice fits a turn's words less than its speaker's own; undefined if voices are unknown. */
export type VoiceJudge = (turn: SceneTurn, present: readonly string[]) => number | undefined;

/**
 * Judges voices by naive Bayes trained on a whole play: for words that are not in it.
 *
 * @param speakers Whose voices are learnt.
 */
export function playVoices(play: Play, speakers: ReadonlySet<string>): VoiceJudge {
  const spoken = new Map<string, string[]>();
  for (const { turns } of sceneTurns(play))
    for (const { speaker, text } of turns)
      if (speakers.has(speaker)) spoken.set(speaker, [...(spoken.get(speaker) ?? []), text]);
  for (const [speaker, texts] of spoken)
    if (words(texts.join(' ')).length < enoughWords) spoken.delete(speaker);
  if (spoken.size < 2) return () => undefined;
  const bayes = trainNaiveBayes(spoken);
  // Who speaks often is not to win for that: what is left without the prior is the words' own say.
  const prior = bayes.logPosterior('');
  return ({ speaker, text }, present) => {
    const posterior = bayes.logPosterior(text);
    const likelihood = (name: string): number => posterior.get(name)! - prior.get(name)!;
    const others = present.filter((name) => name !== speaker && posterior.has(name));
    if (!posterior.has(speaker) || others.length === 0) return undefined;
    const own = likelihood(speaker);
    return others.filter((name) => likelihood(name) < own).length / others.length;
  };
}
