import { words } from '../../play/words.ts';
import type { StageState } from '../../stage/state.ts';
import type { SceneTurn } from '../task.ts';

/** Who spoke for how long in a scene, turn by turn, without the words: what orders and timelines are drawn from. */
export interface SceneScript {
  /** Id of its situation. */
  readonly situation: string;
  /** Which of the situation's scenes: a seed counted from 1; the name of the row for the play's own turns. */
  readonly which: string;
  readonly turns: readonly ScriptTurn[];
}

export interface ScriptTurn {
  /** Cast name. */
  readonly who: string;
  readonly words: number;
  /** Places of the passages that the speaker was shown from memory, "" for one without a place; missing for none. */
  readonly recalled?: readonly string[];
}

/** The script of a scene that was played, from where the play's own turns end. */
export function scriptOfScene({ counting }: Pick<StageState, 'counting'>): ScriptTurn[] {
  let shown: { readonly who: string; readonly places: readonly string[] } | undefined;
  return counting.flatMap((event): ScriptTurn[] => {
    if (event.kind === 'view') {
      const places = event.recalled.map(({ place }) => place ?? '');
      shown = { who: event.who, places };
    }
    if (event.kind !== 'turn' || event.playedBy === 'play') return [];
    const recalled = shown?.who === event.who ? shown.places : [];
    shown = undefined;
    return [
      {
        ...{ who: event.who, words: words(event.text).length },
        ...(recalled.length > 0 && { recalled }),
      },
    ];
  });
}

/** The script of turns that stand in a play. */
export const scriptOfTurns = (turns: readonly SceneTurn[]): ScriptTurn[] =>
  turns.map(({ speaker, text }) => ({ who: speaker, words: words(text).length }));
