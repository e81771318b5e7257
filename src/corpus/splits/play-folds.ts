import type { SceneSplit } from './scene-split.ts';
import { splitsFile } from './splits-file.ts';

/** How many folds the catalogue's plays are divided into: those of one are held out whole, the others are learnt from. */
export const playFolds = 4;

/**
 * Ids of the plays that are held out together in a fold, in the order of the catalogue. Plays that go on with the same
 * persons, such as the two parts of Henry IV, are in one fold.
 *
 * @throws {RangeError} If there is no such fold.
 */
export function playsOfFold(fold: number): readonly string[] {
  if (!Number.isInteger(fold) || fold < 0 || fold >= playFolds)
    throw new RangeError(`fold ${fold} is not one of 0 to ${playFolds - 1}`);
  return splitsFile()
    .plays.filter((play) => play.fold === fold)
    .map(({ id }) => id);
}

/** The split of a play that no model has seen any scene of: all of it is holdout. */
export function heldOutWhole(split: SceneSplit): SceneSplit {
  const partOf = (scene: string) => {
    split.partOf(scene); // refuses a scene that there is not
    return 'holdout' as const;
  };
  return { ...split, partOf };
}
