import type { SceneTask, SituationChoice } from './plan-scenes.ts';

/** Scenes of each situation, unless told otherwise. */
export const usualSeeds = 2;

/** Which scenes a benchmark plays, and how. */
export interface SceneRunOptions extends SituationChoice {
  readonly tasks: readonly SceneTask[];
  /** Policies beside the default, and settings beside it: see `sceneArms`. */
  readonly policies?: readonly string[] | undefined;
  readonly settings?: readonly string[] | undefined;
  /** Scenes of each situation. Default: `usualSeeds`. */
  readonly seeds?: number | undefined;
  /** Default: `sceneTurns`. */
  readonly turns?: number | undefined;
  readonly model?: string | undefined;
  /** Scenes that are played at once, in steps that they share; their words may differ from those said alone. Default: 1. */
  readonly atOnce?: number | undefined;
  /** After so long no scene begins; results are then of what is there. Default: all are played. */
  readonly seconds?: number | undefined;
  /** File for the results. */
  readonly out?: string | undefined;
  /** Plays all scenes anew, also those that are there. */
  readonly fresh?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}
