import type { Play } from '../../play/play.ts';
import { speechParts } from '../../play/speeches.ts';
import { words } from '../../play/words.ts';
import type { SceneSplit } from './scene-split.ts';

/** The play as far as models may know it: what memory, personas and examples are made from when they are measured. */
export function trainPlay(play: Play, split: SceneSplit): Play {
  return withoutScenes(play, (scene) => split.partOf(scene) !== 'train');
}

/**
 * A play without some of its scenes, and acts that are left empty.
 *
 * The scenes that stay keep their places. The cast stays whole, with the speeches and words counted again. Warnings and
 * boilerplate go: they may quote what was dropped.
 *
 * @param isDropped Asked once for each scene, such as "3.1".
 */
export function withoutScenes(play: Play, isDropped: (scene: string) => boolean): Play {
  const acts = play.acts
    .map((act) => ({
      ...act,
      scenes: act.scenes.filter(({ number }) => !isDropped(`${act.number}.${number}`)),
    }))
    .filter(({ scenes }) => scenes.length > 0);
  const { boilerplate: _, ...rest } = play;
  return recounted({ ...rest, acts, warnings: [] });
}

/** The cast in the order it had: who is who does not change with what is left of them. */
function recounted(play: Play): Play {
  const counts = new Map(play.cast.map(({ name }) => [name, { speeches: 0, words: 0 }]));
  for (const { speech } of speechParts(play)) {
    const count = words(speech.lines.join('\n')).length;
    for (const name of speech.speakers) {
      const own = counts.get(name);
      if (!own) continue;
      if (!speech.continued) own.speeches++;
      own.words += count;
    }
  }
  return { ...play, cast: play.cast.map((member) => ({ ...member, ...counts.get(member.name) })) };
}
