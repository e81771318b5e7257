import type { Source } from '../source.ts';
import { sceneGroups } from './scene-groups.ts';
import type { SceneSplit } from './scene-split.ts';

/** Share of the character's train words that a slice should have; a larger or smaller one is taken where there is no other. */
const wantedShare = 0.12;
/** A slice with more of the words would cost more to learn than it tells. */
const mostShare = 0.4;
/** Fewer groups of scenes with words of the character's leave too little to learn. */
const leastGroups = 3;

/** A split in which some train scenes are dev, and which they are. */
export interface DevSlice {
  readonly split: SceneSplit;
  /** Scenes written "act.scene", in the order of the play. */
  readonly scenes: readonly string[];
}

/**
 * Train scenes to stop training by, for a character who says nothing in the dev scenes: whole scenes, with about an eighth
 * of what the character says in train, that share no six words in a row with others.
 *
 * The same source gives the same slice.
 *
 * @returns undefined if the source names nobody, or the character says too little in too few scenes.
 */
export function devSlice({ play, split, character }: Source): DevSlice | undefined {
  if (!character) return undefined;
  const groups = sceneGroups(play)
    .map(({ scenes, bySpeaker }) => ({ scenes, words: bySpeaker.get(character.name) ?? 0 }))
    .filter(({ scenes, words }) => words > 0 && scenes.every((s) => split.partOf(s) === 'train'));
  if (groups.length < leastGroups) return undefined;
  const total = groups.reduce((sum, { words }) => sum + words, 0);
  const farFrom = ({ words }: { readonly words: number }): number =>
    Math.abs(Math.log(words / total / wantedShare));
  const [best] = groups.toSorted((a, b) => farFrom(a) - farFrom(b));
  if (!best || best.words / total > mostShare) return undefined;
  return { split: withDev(split, best.scenes), scenes: best.scenes };
}

/** A split with some of its train scenes as dev, as `devSlice` chose them. */
export function withDev(split: SceneSplit, scenes: readonly string[]): SceneSplit {
  return { ...split, partOf: (scene) => (scenes.includes(scene) ? 'dev' : split.partOf(scene)) };
}
