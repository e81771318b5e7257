import type { Values } from '../measure/row.ts';
import type { Play } from '../play/play.ts';
import { properNames } from '../play/proper-names.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { words } from '../play/words.ts';
import { guardedPlay } from '../stage/guards/guarded-play.ts';
import { trainNaiveBayes } from './naive-bayes.ts';
import type { SceneTurn } from './task.ts';
import { type MeasuredTurn, turnMeasures, turnMetrics } from './turn-measures.ts';
import { turnOrder } from './turn-order.ts';

/**
 * What conversations are like, by the names of the metrics of `duet` and `quartet`: all turns pooled, the Ginis and the entropy as means.
 * A figure that cannot be told is missing.
 *
 * @param scenes Of turns by members of the cast, or the visitor.
 */
export function transcriptMeasures(scenes: readonly (readonly SceneTurn[])[], play: Play): Values {
  const facts = {
    names: properNames(play),
    order: turnOrder(play),
    guarded: guardedPlay(play),
    scene: '',
  };
  const voiceOf = voicesOf(scenes, play);
  const rows = scenes
    .filter((turns) => turns.length > 0)
    .map((turns) => {
      const speakers = [...new Set(turns.map(({ speaker }) => speaker))];
      const measured = turns.map(
        (turn): MeasuredTurn => ({ ...turn, voice: voiceOf(turn, speakers) }),
      );
      const item = { id: '', task: '', scene: '', place: '' };
      return { item, answers: [], values: turnMeasures(measured, { ...facts, speakers }) };
    });
  const figures = turnMetrics.map(({ name, of }): [string, number] => [
    name,
    of ? of(rows) : rows.reduce((sum, { values }) => sum + values[name]!, 0) / rows.length,
  ]);
  return Object.fromEntries(figures.filter(([, value]) => !Number.isNaN(value)));
}

/** In words: whose voice is known. */
const enoughWords = 200;

/** By naive Bayes trained on the whole play: how many of the others fit a turn's words less than its speaker. */
function voicesOf(scenes: readonly (readonly SceneTurn[])[], play: Play) {
  const speakers = new Set(scenes.flat().map(({ speaker }) => speaker));
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
  return ({ speaker, text }: SceneTurn, present: readonly string[]): number | undefined => {
    const posterior = bayes.logPosterior(text);
    const likelihood = (name: string): number => posterior.get(name)! - prior.get(name)!;
    const others = present.filter((name) => name !== speaker && posterior.has(name));
    if (!posterior.has(speaker) || others.length === 0) return undefined;
    const own = likelihood(speaker);
    return others.filter((name) => likelihood(name) < own).length / others.length;
  };
}
