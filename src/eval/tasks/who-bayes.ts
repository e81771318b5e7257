import type { Source } from '../../corpus/source.ts';
import { properNames } from '../../measure/text/names.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { ClassCounts, FeatureIndex, type Features } from '../naive-bayes.ts';
import { wordsAndPairs } from '../speaker-critic.ts';

/** A text to be judged: by its place. */
export interface JudgedText {
  readonly place: string;
  readonly scene: string;
  readonly text: string;
}

interface Read {
  readonly scene: string;
  readonly speaker: number;
  readonly features: Features;
}

/**
 * What naive Bayes says of texts of some speakers: log-likelihoods in nats by speaker, by the text's place.
 *
 * It has read every speech of theirs in the play, train or not, but for those in the scenes of the text's fold: how far
 * the words alone set these persons apart. Features are words and pairs of neighbours; proper names are left out, as in
 * "Horatio, thou art" the name tells who does not speak.
 */
export function whoBayes(
  { play, split }: Source,
  speakers: readonly string[],
  texts: readonly JudgedText[],
): Map<string, number[]> {
  const scenes = sceneTurns(play);
  const lines = scenes.flatMap(({ turns }) => turns.map(({ text }) => text));
  const names = properNames(lines);
  const index = new FeatureIndex((text) => wordsAndPairs(text, names));
  const read = scenes.flatMap(({ scene, turns }) =>
    turns.flatMap((turn): Read[] => {
      const speaker = speakers.indexOf(turn.speaker);
      if (speaker < 0 || turn.speakers.length > 1) return [];
      return [{ scene, speaker, features: index.read(turn.text) }];
    }),
  );
  const asked = texts.map((one) => ({ ...one, features: index.read(one.text) }));
  const counts = new ClassCounts(speakers.length, index.size);
  const add = (list: readonly Read[], times: 1 | -1): void => {
    for (const { speaker, features } of list) counts.add(speaker, features, times);
  };
  add(read, 1);
  const judged = new Map<string, number[]>();
  for (let fold = 0; fold < split.folds; fold++) {
    const inside = read.filter(({ scene }) => split.foldOf(scene) === fold);
    add(inside, -1);
    for (const { scene, place, features } of asked)
      if (split.foldOf(scene) === fold)
        judged.set(place, Array.from(counts.logLikelihoods(features)));
    add(inside, 1);
  }
  return judged;
}
