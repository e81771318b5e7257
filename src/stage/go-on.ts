import type { Limits } from './events.ts';
import { limitReached, sceneTurns } from './limits.ts';
import type { Stage, StageNews } from './stage.ts';

/** How much more of a scene there is to be from now on. */
export interface More {
  readonly turns?: number | undefined;
  readonly seconds?: number | undefined;
}

/**
 * Lifts what keeps a scene from going on: a pause, its end, a limit that it has reached, which is moved by as much as it was
 * at first unless the request says by how much.
 */
export async function goOn(stage: Stage, { turns, seconds }: More = {}): Promise<StageNews[]> {
  const news = [await stage.resume()];
  const { limits = {} } = stage.state.open ?? {};
  const reached = limitReached(stage.state);
  const more = (name: keyof Limits, asked: number | undefined): number | undefined =>
    asked ?? (reached === name ? (limits[name] ?? sceneTurns) : undefined);
  const [moreTurns, moreTime] = [more('turns', turns), more('time', seconds)];
  if (moreTurns !== undefined) news.push(await stage.allow('turns', moreTurns));
  if (moreTime !== undefined) news.push(await stage.allow('time', moreTime));
  return news.filter((one) => one !== undefined);
}
