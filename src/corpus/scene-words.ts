import type { Play } from '../play/play.ts';
import { speechParts } from '../play/speeches.ts';
import { words } from '../play/words.ts';

/** How much is said in a scene. */
export interface SceneWords {
  /** "act.scene" */
  readonly scene: string;
  readonly words: number;
  /** Words by cast name; a joint speech counts for each of its speakers. */
  readonly bySpeaker: ReadonlyMap<string, number>;
}

/** Words that a character needs to say in a play for a model to be trained on it, and measured. */
export const enoughWords = 700;

/** No play of Shakespeare's has as many who say so much. */
const mostMain = 24;

/** The scenes of a play in its order, those without a word included. */
export function sceneWords(play: Play): SceneWords[] {
  const scenes = new Map<
    string,
    { scene: string; words: number; bySpeaker: Map<string, number> }
  >();
  for (const act of play.acts)
    for (const { number } of act.scenes) {
      const scene = `${act.number}.${number}`;
      scenes.set(scene, { scene, words: 0, bySpeaker: new Map() });
    }
  for (const { act, scene, speech } of speechParts(play)) {
    const count = words(speech.lines.join('\n')).length;
    const found = scenes.get(`${act.number}.${scene.number}`)!;
    found.words += count;
    for (const name of speech.speakers)
      found.bySpeaker.set(name, (found.bySpeaker.get(name) ?? 0) + count);
  }
  return [...scenes.values()];
}

/**
 * For each scene its share of all words of the play, then of the words of each character who speaks enough.
 *
 * @returns Scenes × columns; each column adds up to 1, or to 0 if the play has no words.
 */
export function wordShares(scenes: readonly SceneWords[]): number[][] {
  const totals = new Map<string, number>();
  for (const { bySpeaker } of scenes)
    for (const [name, count] of bySpeaker) totals.set(name, (totals.get(name) ?? 0) + count);
  const main = [...totals]
    .filter(([, count]) => count >= enoughWords)
    .sort(([, a], [, b]) => b - a)
    .slice(0, mostMain);
  const all = Math.max(
    1,
    scenes.reduce((sum, { words }) => sum + words, 0),
  );
  return scenes.map(({ words, bySpeaker }) => [
    words / all,
    ...main.map(([name, total]) => (bySpeaker.get(name) ?? 0) / total),
  ]);
}
