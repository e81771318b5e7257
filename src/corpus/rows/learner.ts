import { parsePlace } from '../../play/place.ts';
import { sceneTurns, type Turn, type TurnScene } from '../../play/scene-turns.ts';
import type { Source } from '../source.ts';
import { drawShown, type RowOptions, shortWords } from './row-options.ts';
import {
  type RowKind,
  rowId,
  type ShownBlocks,
  type TrainingRow,
  type TrainingTurn,
} from './training-row.ts';

/** Who learns, from what: what every maker of rows is given. */
export interface Learner {
  readonly source: Source;
  /** Cast name. */
  readonly name: string;
  readonly options: RowOptions;
  /** The train scenes of the play, in order. */
  readonly scenes: readonly TurnScene[];
}

/** The scenes that may be learnt. */
export function trainScenes({ play, split }: Source): TurnScene[] {
  return sceneTurns(play).filter(({ scene }) => split.partOf(scene) === 'train');
}

/** A speech of the learner's alone, with words in it: what is said together with others stays context. */
export function isOwn({ speakers, words }: Turn, name: string): boolean {
  return speakers.length === 1 && speakers[0] === name && words > 0;
}

/** What a learnt speech weighs. */
function weightOf({ words }: Turn, { shortReplies }: RowOptions): number {
  return words < shortWords ? shortReplies : 1;
}

export function learntTurn(turn: Turn, options: RowOptions): TrainingTurn {
  return { ...contextTurn(turn), lossWeight: weightOf(turn, options) };
}

export function contextTurn(turn: Turn, text = turn.text): TrainingTurn {
  return { speaker: turn.speaker, text, place: turn.place, lossWeight: 0 };
}

/** The words of a turn as context: with what happens on stage, or without. */
export function shownText(turn: Turn, { directions }: ShownBlocks): string {
  return directions ? turn.textOnStage : turn.text;
}

/** The turns before turn `at` as context, whole, up to `contextWords`; the nearest is cut at its start if it is longer. */
export function leadIn(
  turns: readonly Turn[],
  at: number,
  { contextWords }: RowOptions,
  shows: ShownBlocks,
): TrainingTurn[] {
  const context: TrainingTurn[] = [];
  let left = contextWords;
  for (let i = at - 1; i >= 0 && left > 0; i--) {
    const turn = turns[i]!;
    if (turn.words > left && context.length > 0) break;
    context.unshift(
      turn.words > left
        ? contextTurn(turn, turn.text.split(' ').slice(-left).join(' '))
        : contextTurn(turn, shownText(turn, shows)),
    );
    left -= turn.words;
  }
  return context;
}

/** Which blocks a row about an answer is shown with. */
export function shownFor({ name, options }: Learner, kind: RowKind, { place }: Turn): ShownBlocks {
  return drawShown(options, kind, name, place);
}

/** A row from a scene. `said`: its speeches, from the first to the last that the row is about. */
export function rowOf(
  { source, name }: Learner,
  kind: RowKind,
  scene: string,
  said: readonly Turn[],
  turns: readonly TrainingTurn[],
  shows: ShownBlocks,
): TrainingRow {
  return {
    id: rowId(source.sha256, kind, name, turns),
    edition: source.sha256,
    play: source.id,
    speaker: name,
    kind,
    scene,
    from: parsePlace(said[0]!.place),
    to: parsePlace(said.at(-1)!.place),
    turns,
    shows,
  };
}
