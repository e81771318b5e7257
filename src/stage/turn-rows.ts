import { isCollective } from '../play/cast/label.ts';
import type { Play } from '../play/play.ts';
import type { ChoiceRow } from './fit-turn-model.ts';
import { playMoments } from './play-moments.ts';
import { featuresOf } from './turn-features.ts';

/** A turn of a play as a choice that was made: who could have spoken, and who did. */
export interface TurnRow extends ChoiceRow {
  /** Such as "3.1". */
  readonly scene: string;
  /** Place of the turn that was chosen for. */
  readonly place: string;
  /** Cast names, sorted. */
  readonly candidates: readonly string[];
  /** Who spoke the turns before. */
  readonly speakers: readonly string[];
}

/** The first turn of a scene for which there is somebody who spoke before last. */
const first = 2;

/**
 * Every choice of a speaker in a play, from the third turn of a scene on. What several speak together, or a chorus, was
 * nobody's turn: it is heard and not chosen.
 */
export function turnRows(play: Play): TurnRow[] {
  return playMoments(play).flatMap(({ scene, turn, situation, last, cast }): TurnRow[] => {
    const { speaker, place } = turn;
    if (situation.turns.length < first || last.includes(speaker)) return [];
    if (turn.speakers.length > 1 || isCollective(speaker)) return [];
    const candidates = [...new Set([...turn.present, speaker])]
      .filter((name) => !last.includes(name) && !isCollective(name))
      .sort();
    return [
      {
        scene,
        place,
        candidates,
        chosen: candidates.indexOf(speaker),
        features: featuresOf(situation, candidates, cast),
        speakers: situation.turns.map(({ who }) => who),
      },
    ];
  });
}
