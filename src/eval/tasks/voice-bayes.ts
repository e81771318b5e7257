import type { Source } from '../../corpus/source.ts';
import { sceneTurns, type Turn } from '../../play/scene-turns.ts';
import { ClassCounts, FeatureIndex, type Features } from '../naive-bayes.ts';

/** A speech to be judged, as read by the index. */
interface Read {
  readonly scene: string;
  readonly voice: number;
  readonly place: string;
  readonly features: Features;
}

/**
 * What naive Bayes says of every speech of some voices: log-likelihoods in nats by voice, by the speech's place.
 *
 * It has learnt from the scenes for training, but never from one that is in the speech's own fold: the same
 * terms as an adapter has in cross-fitting.
 */
export function bayesOf({ play, split }: Source, voices: readonly string[]): Map<string, number[]> {
  const index = new FeatureIndex();
  const all = sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.filter(alone).flatMap(({ speaker, place, text }): Read[] => {
      const voice = voices.indexOf(speaker);
      return voice < 0 ? [] : [{ scene, voice, place, features: index.read(text) }];
    }),
  );
  const counts = new ClassCounts(voices.length, index.size);
  const training = all.filter(({ scene }) => split.partOf(scene) === 'train');
  const add = (list: readonly Read[], times: 1 | -1): void => {
    for (const { voice, features } of list) counts.add(voice, features, times);
  };
  const judged = new Map<string, number[]>();
  const judge = (list: readonly Read[]): void => {
    for (const { place, features } of list)
      judged.set(place, Array.from(counts.logLikelihoods(features)));
  };
  add(training, 1);
  judge(all.filter(({ scene }) => split.partOf(scene) !== 'train'));
  for (const fold of new Set(training.map(({ scene }) => split.foldOf(scene)))) {
    const inside = training.filter(({ scene }) => split.foldOf(scene) === fold);
    add(inside, -1);
    judge(inside);
    add(inside, 1);
  }
  return judged;
}

const alone = ({ speakers }: Turn): boolean => speakers.length === 1;
