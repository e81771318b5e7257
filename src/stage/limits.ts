import type { Limits } from './events.ts';
import type { StageState } from './state.ts';

/** Turns of a scene, unless it is to be longer or shorter. */
export const sceneTurns = 24;

/** Tokens of a turn, at most, unless the scene says otherwise: 98 words are the 95th percentile of the plays' turns. */
export const longestTurn = 96;

/** The first limit that a scene has reached; undefined if there is room for more. */
export function limitReached(state: StageState): keyof Limits | undefined {
  const figures = { ...state.figures, time: secondsOf(state) };
  return (['turns', 'words', 'tokens', 'time'] as const).find((name) => {
    const limit = limitOf(state, name);
    return limit !== undefined && figures[name] >= limit;
  });
}

/** A limit as the scene was opened with it, or as it was moved to; undefined for none. */
export function limitOf({ levers, open }: StageState, name: keyof Limits): number | undefined {
  const moved = levers[name];
  return typeof moved === 'number' ? moved : open?.limits[name];
}

/** Seconds that the model took for what was said. */
export function secondsOf({ turns }: StageState): number {
  return turns.reduce((sum, { ms }) => sum + (ms?.all ?? 0) / 1000, 0);
}
