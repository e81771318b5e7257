import type { Play } from '../../play/play.ts';
import { sha256Of } from '../../store/sha256.ts';
import type { SceneSplit } from './scene-split.ts';

/** sha256 in hex of which scene is in which part and fold: figures of other parts are not compared. */
export function splitHash(play: Play, split: SceneSplit): string {
  const names = play.acts.flatMap(({ number, scenes }) =>
    scenes.map((scene) => `${number}.${scene.number}`),
  );
  return sha256Of(names.map((name) => `${name} ${split.partOf(name)} ${split.foldOf(name)}\n`));
}
