import { softmax } from '../measure/statistics/softmax.ts';
import type { Play } from '../play/play.ts';
import type { ProperName } from '../play/proper-names.ts';
import { fitTurnModel } from '../stage/fit-turn-model.ts';
import { featuresOf, knownCast } from '../stage/turn-features.ts';
import { scoreOf } from '../stage/turn-model.ts';
import { turnRows } from '../stage/turn-rows.ts';
import type { SceneTurn } from './task.ts';

/** In what order the people of a play speak: a turn model of its own. Plain data. */
export interface TurnOrder {
  readonly weights: readonly number[];
  /** Cast names with their speeches in the play. */
  readonly speeches: readonly (readonly [name: string, speeches: number])[];
}

/** The order of speakers in a play, as it stands in the scenes that are not left out. */
export function turnOrder(
  play: Play,
  isLeftOut: (scene: string) => boolean = () => false,
): TurnOrder {
  const rows = turnRows(play).filter(({ scene }) => !isLeftOut(scene));
  return { weights: fitTurnModel(rows), speeches: [...knownCast(play).speeches] };
}

/** The first turn for which there is somebody who spoke before last. */
const first = 2;

/**
 * How little the speaker of each turn was to be expected, in nats, of all who speak in the conversation but the last one;
 * from the third turn on. Whoever speaks twice running was nobody's choice.
 */
export function turnNats(
  turns: readonly SceneTurn[],
  speakers: readonly string[],
  names: readonly ProperName[],
  { weights, speeches }: TurnOrder,
): number[] {
  const cast = { names, speeches: new Map(speeches) };
  const said = turns.map(({ speaker, text }) => ({ who: speaker, text }));
  return turns.flatMap(({ speaker }, at) => {
    const candidates = speakers.filter((name) => name !== said[at - 1]?.who);
    if (at < first || !candidates.includes(speaker)) return [];
    const situation = { turns: said.slice(0, at), entered: new Map() };
    const rows = featuresOf(situation, candidates, cast);
    const odds = softmax(rows.map((row) => scoreOf(weights, row)));
    return [-Math.log(odds[candidates.indexOf(speaker)]!)];
  });
}
