import { transcriptMeasures } from '../eval/transcript-measures.ts';
import { shippedTurnBands } from '../eval/turn-bands.ts';
import type { Play } from '../play/play.ts';
import type { StageState } from '../stage/state.ts';

/** A figure of a scene beside those of the plays. */
export interface SceneFigure {
  readonly name: string;
  readonly value: number;
  /** The tenth and the ninetieth of a hundred conversations of the plays. */
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** What is measured of a scene without a judge: figures of which it is known how they lie in the plays. */
export function measureScene({ turns, cast }: StageState, play: Play): readonly SceneFigure[] {
  const own = turns
    .filter(({ playedBy }) => playedBy !== 'play')
    .map(({ who, text }) => ({ speaker: who, text }));
  if (own.length === 0) return [];
  const { two, several } = shippedTurnBands();
  const bands = cast.length > 2 ? several : two;
  return Object.entries(transcriptMeasures([own], play)).flatMap(([name, value]) => {
    const band = bands[name];
    if (!band || !Number.isFinite(value)) return [];
    return [{ name, value, low: band.low, high: band.high, mean: band.mean }];
  });
}
