import { certain, drawing } from './draw.ts';

/** Each in turn, by name: after the last speaker comes whose name follows, and after the last name the first. */
export const roundRobin = drawing('round-robin', ({ turns }, candidates) => {
  const last = turns.at(-1)?.who ?? '';
  return certain(candidates, candidates.find((name) => name > last) ?? candidates[0]!);
});
