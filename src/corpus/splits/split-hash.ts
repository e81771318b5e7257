import { createHash } from 'node:crypto';
import type { Play } from '../../play/play.ts';
import type { SceneSplit } from './scene-split.ts';

/** sha256 in hex of which scene is in which part and fold: figures of other parts are not compared. */
export function splitHash(play: Play, split: SceneSplit): string {
  const hash = createHash('sha256');
  for (const { number, scenes } of play.acts)
    for (const scene of scenes) {
      const name = `${number}.${scene.number}`;
      hash.update(`${name} ${split.partOf(name)} ${split.foldOf(name)}\n`);
    }
  return hash.digest('hex');
}
