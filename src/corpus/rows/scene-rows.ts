import type { Turn, TurnScene } from '../../play/scene-turns.ts';
import {
  contextTurn,
  isOwn,
  type Learner,
  leadIn,
  learntTurn,
  rowOf,
  shownFor,
  shownText,
} from './learner.ts';
import type { RowOptions } from './row-options.ts';
import type { TrainingRow } from './training-row.ts';

/**
 * `scene`: stretches of scenes that hold several of the character's speeches, all of them learnt, the others as context.
 *
 * A speech with its context in a row of its own costs ten times the tokens: here what was said is the context of what is
 * said next. Every speech of the character's is learnt once. A row begins with the context of its first speech and ends
 * with its last; a long stretch without the character is not read.
 */
export function sceneRows(learner: Learner): TrainingRow[] {
  return learner.scenes.flatMap((scene) => rowsOfScene(learner, scene));
}

function rowsOfScene(learner: Learner, { scene, turns: all }: TurnScene): TrainingRow[] {
  const { name, options } = learner;
  const turns = options.otherSpeakers ? all : all.filter((turn) => isOwn(turn, name));
  const rows: TrainingRow[] = [];
  for (const { first, last } of stretches(turns, name, options)) {
    const shows = shownFor(learner, 'scene', turns[first]!);
    const said = turns.slice(first, last + 1);
    const taught = said.map((turn) =>
      isOwn(turn, name) ? learntTurn(turn, options) : contextTurn(turn, shownText(turn, shows)),
    );
    const context = leadIn(turns, first, options, shows);
    rows.push(rowOf(learner, 'scene', scene, said, [...context, ...taught], shows));
  }
  return rows;
}

/** From an own turn to an own turn, both included. */
interface Stretch {
  readonly first: number;
  last: number;
}

/** Cuts a scene into as few stretches as hold every own turn and are no longer than a row may be with its context. */
function stretches(
  turns: readonly Turn[],
  name: string,
  { words: most, contextWords }: RowOptions,
): Stretch[] {
  const found: Stretch[] = [];
  let words = 0;
  turns.forEach((turn, i) => {
    if (!isOwn(turn, name)) return;
    const open = found.at(-1);
    const away = open ? wordsOf(turns.slice(open.last + 1, i)) : 0;
    if (open && away <= most / 2 && words + away + turn.words <= most) {
      words += away + turn.words;
      open.last = i;
    } else {
      const before = Math.min(contextWords, wordsOf(turns.slice(0, i)));
      words = before + turn.words;
      found.push({ first: i, last: i });
    }
  });
  return found;
}

function wordsOf(turns: readonly Turn[]): number {
  return turns.reduce((sum, { words }) => sum + words, 0);
}
