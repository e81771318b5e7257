/** Which items are asked: of a part of the play, of train those that are never rewarded, or of every scene. */
export const splits = ['holdout', 'dev', 'train', 'shadow', 'all'] as const;
export type Split = (typeof splits)[number];

/**
 * Items of each task in a routine run. Those of a scene resemble each other: with a handful of scenes held out more of them
 * cost time and narrow the intervals little. A release asks all of them, of all scenes, in folds.
 */
export const routineItems = 32;
