import type { Play } from '../../play/play.ts';

/** Every scene of a play in order, such as "3.1", with or without words. */
export function scenesOf({ acts }: Play): string[] {
  return acts.flatMap(({ number, scenes }) => scenes.map((scene) => `${number}.${scene.number}`));
}
