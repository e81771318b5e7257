import type { Play } from '../../play/play.ts';
import { hash32 } from '../../store/sha256.ts';
import { balanceFolds } from './balance-folds.ts';
import { sceneGroups } from './scene-groups.ts';
import type { SceneSplit, SplitPart } from './scene-split.ts';
import { scenesOf } from './scenes-of.ts';
import { searchSplit } from './search-split.ts';
import { type NotedSplit, splitsFile } from './splits-file.ts';

const folds = 5;
/** Share of the train items that are made like the others and never rewarded. */
const shadowShare = 0.2;

/**
 * The parts and folds of a play: those of data/splits.json if they are noted for it, else some found by search.
 *
 * @param playId Catalogue id, or any name of a file: then the title tells which play it is.
 */
export function splitOf(playId: string, play: Play): SceneSplit {
  const groups = sceneGroups(play);
  const noted = splitsFile().plays.find((split) => isOf(split, playId, play));
  const parts = noted ? notedParts(noted, play) : searchSplit(groups);
  const foldByScene = balanceFolds(groups, folds);
  return {
    folds,
    partOf: (scene) => parts.get(scene) ?? unknownScene(scene, play),
    foldOf: (scene) => foldByScene.get(scene) ?? unknownScene(scene, play),
  };
}

/**
 * The parts when models are trained once for each fold: the fold is held out, dev stays dev, all else is train. Over
 * the folds every scene is held out once.
 *
 * @throws {RangeError} If there is no such fold.
 */
export function crossFit(split: SceneSplit, fold: number): SceneSplit {
  if (!Number.isInteger(fold) || fold < 0 || fold >= split.folds)
    throw new RangeError(`fold ${fold} is not one of 0 to ${split.folds - 1}`);
  return {
    ...split,
    partOf(scene) {
      if (split.foldOf(scene) === fold) return 'holdout';
      return split.partOf(scene) === 'dev' ? 'dev' : 'train';
    },
  };
}

/**
 * A train item is one of those that are never rewarded: if a model does better on the others, it has learnt items and
 * not the task. By the id alone, so that an item stays what it is when others come or go.
 */
export function isShadow(itemId: string): boolean {
  return hash32(`shadow ${itemId}`) < shadowShare * 2 ** 32;
}

/** Editions number scenes differently: parts that were noted for other scenes hold nothing. */
function isOf({ id, scenes }: NotedSplit, playId: string, play: Play): boolean {
  const isNamed = playId === id || isTitled(play.title, id);
  return isNamed && scenesOf(play).join(' ') === scenes;
}

/** Whether a title is that of a play of the catalogue, with whatever stands around it: "The Tragedy of Hamlet". */
export function isTitled(title: string, id: string): boolean {
  return hyphenated(title).includes(`-${id}-`);
}

/** "Henry IV, Part 1" as "-henry-iv-part-1-". */
const hyphenated = (title: string): string =>
  `-${title
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')}-`;

function notedParts({ dev, holdout }: NotedSplit, play: Play): Map<string, SplitPart> {
  const parts = new Map<string, SplitPart>(scenesOf(play).map((scene) => [scene, 'train']));
  for (const scene of dev) parts.set(scene, 'dev');
  for (const scene of holdout) parts.set(scene, 'holdout');
  return parts;
}

function unknownScene(scene: string, { title }: Play): never {
  throw new RangeError(`"${title}" has no scene ${scene}`);
}
