import { isCollective } from '../play/cast/label.ts';
import type { Play } from '../play/play.ts';
import { sceneTurns, type Turn } from '../play/scene-turns.ts';
import type { ChoiceRow } from './fit-turn-model.ts';
import type { SaidTurn } from './policies/chooser.ts';
import { featuresOf, type KnownCast, knownCast, type Situation } from './turn-features.ts';

/** A turn of a play as a choice that was made: who could have spoken, and who did. */
export interface TurnChoice extends Situation {
  /** Such as "3.1". */
  readonly scene: string;
  /** Place of the turn chosen for. */
  readonly place: string;
  /** Cast names, sorted. */
  readonly candidates: readonly string[];
  /** Position among the candidates. */
  readonly chosen: number;
}

/** The first turn of a scene for which there is somebody who spoke before last. */
const first = 2;

/**
 * Every choice of a speaker in a play, from the third turn of a scene on. What several speak together, or a chorus, was
 * nobody's turn: it is heard and not chosen.
 */
export function turnChoices(play: Play): TurnChoice[] {
  return sceneTurns(play).flatMap(({ scene, turns }) => {
    const said = turns.map(({ speaker, text }): SaidTurn => ({ who: speaker, text }));
    const entered = entrances(turns);
    return turns.flatMap((turn, at): TurnChoice[] => {
      const { speaker, place } = turn;
      const last = turns[at - 1]?.speakers ?? [];
      if (at < first || turn.speakers.length > 1 || isCollective(speaker)) return [];
      if (last.includes(speaker)) return [];
      const candidates = [...new Set([...turn.present, speaker])]
        .filter((name) => !last.includes(name) && !isCollective(name))
        .sort();
      const chosen = candidates.indexOf(speaker);
      return [
        { scene, place, turns: said.slice(0, at), entered: entered[at]!, candidates, chosen },
      ];
    });
  });
}

/** A choice with its features, to fit a turn model on or to hold one against. */
export type TurnRow = TurnChoice & ChoiceRow;

/**
 * Every choice of a play with its features. How much somebody speaks in the play is counted in the other scenes: what is
 * to be found out must not be known.
 */
export function turnRows(play: Play): TurnRow[] {
  const cast = knownCast(play);
  const elsewhere = new Map(
    sceneTurns(play).map(({ scene, turns }) => [scene, castWithout(cast, turns)]),
  );
  return turnChoices(play).map((choice) => ({
    ...choice,
    features: featuresOf(choice, choice.candidates, elsewhere.get(choice.scene)!),
  }));
}

function castWithout(cast: KnownCast, turns: readonly Turn[]): KnownCast {
  const speeches = new Map(cast.speeches);
  for (const name of turns.flatMap(({ speakers }) => speakers))
    speeches.set(name, (speeches.get(name) ?? 0) - 1);
  return { ...cast, speeches };
}

/** For each turn how many had been spoken when each of those on stage came on last. */
function entrances(turns: readonly Turn[]): ReadonlyMap<string, number>[] {
  let before = new Map<string, number>();
  return turns.map(({ present }, at) => {
    before = new Map(present.map((name) => [name, before.get(name) ?? at]));
    return before;
  });
}
