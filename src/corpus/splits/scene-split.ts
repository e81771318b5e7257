/**
 * `train` is what models may be trained, rewarded and shown on; `dev` is for stopping and thresholds; `holdout` is for
 * measuring, and for nothing else.
 */
export type SplitPart = 'train' | 'dev' | 'holdout';

/** Where each scene of a play belongs. Scenes are given as "act.scene". */
export interface SceneSplit {
  readonly folds: 5;
  /** @throws {RangeError} If the play has no such scene. */
  partOf(scene: string): SplitPart;
  /**
   * Which of the folds a scene is in, counted from 0.
   *
   * @throws {RangeError} If the play has no such scene.
   */
  foldOf(scene: string): number;
}
