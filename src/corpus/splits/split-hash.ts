import type { Play } from '../../play/play.ts';
import { sha256Of } from '../../store/sha256.ts';
import type { SceneSplit } from './scene-split.ts';
import { scenesOf } from './scenes-of.ts';

/** sha256 in hex of which scene is in which part and fold: figures of other parts are not compared. */
export function splitHash(play: Play, split: SceneSplit): string {
  return sha256Of(
    scenesOf(play).map((name) => `${name} ${split.partOf(name)} ${split.foldOf(name)}\n`),
  );
}
