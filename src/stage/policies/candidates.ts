import type { DirectorContext, Stop } from './chooser.ts';

/** Turns that somebody speaks on without an answer before the scene ends. */
const longestSoliloquy = 3;

/**
 * Who may speak next: those on stage but the last speaker, sorted by name. The last speaker goes on where nobody else
 * may speak, for no more than three turns in a row; then the scene ends.
 */
export function mayBeNext({
  turns,
  onStage,
  resting = [],
}: DirectorContext): readonly string[] | Stop {
  const last = turns.at(-1)?.who;
  const awake = [...new Set(onStage)].filter((name) => !resting.includes(name)).sort();
  const others = awake.filter((name) => name !== last);
  if (others.length > 0) return others;
  const spoken = turns.length - 1 - turns.findLastIndex(({ who }) => who !== last);
  if (awake.length > 0 && spoken < longestSoliloquy) return awake;
  if (onStage.length > 1)
    return { kind: 'end', reason: 'stalled', detail: 'nobody on stage has anything to say' };
  return { kind: 'end', reason: 'alone', detail: `${onStage[0]} is alone on stage` };
}
