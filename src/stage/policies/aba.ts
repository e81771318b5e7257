import { certain, drawing, even } from './draw.ts';

/** Who spoke before the last speaker answers; any of those on stage if that is nobody, or has left. */
export const aba = drawing('aba', ({ turns }, candidates) => {
  const before = turns.at(-2)?.who;
  return before !== undefined && candidates.includes(before)
    ? certain(candidates, before)
    : even(candidates);
});
