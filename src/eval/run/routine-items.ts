/**
 * Items of each task, at most, in a routine run. Items of a scene resemble each other: with a handful of scenes held out
 * more of them cost time and narrow the intervals little. A release asks all of them, of all scenes, with --folds.
 */
export const routineItems = 32;
