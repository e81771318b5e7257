import type { Source } from '../../corpus/source.ts';
import { wholeTextOf } from '../../measure/text/train-text.ts';
import { fourLetters, SpeakerCritic } from '../speaker-critic.ts';

/** In words: what is shorter has nothing to go by. */
export const leastJudged = 50;

const made = new Map<string, SpeakerCritic>();

/**
 * The critic of a play and its folds, made once, and its name: items are plain data. It goes by letters, four in a row: no
 * reward is made of it, and nothing is trained to please it.
 */
export function openCritic(source: Source): string {
  const text = wholeTextOf(source);
  const scenes = new Set(text.speeches.map(({ scene }) => scene));
  const key = [text.key, ...Array.from(scenes, (scene) => source.split.foldOf(scene))].join('.');
  if (!made.has(key)) made.set(key, new SpeakerCritic(source, fourLetters));
  return key;
}

/** Undefined for rows that were read from a file by a process that has not made items of the play. */
export function findCritic(key: string): SpeakerCritic | undefined {
  return made.get(key);
}
