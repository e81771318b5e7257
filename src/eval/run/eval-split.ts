/** Which items are asked: of a part of the play, or of train those that are never rewarded. */
export const splits = ['holdout', 'dev', 'train', 'shadow'] as const;
export type Split = (typeof splits)[number];
