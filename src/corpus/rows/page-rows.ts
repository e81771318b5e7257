import type { Turn, TurnScene } from '../../play/scene-turns.ts';
import type { Source } from '../source.ts';
import { contextTurn, isOwn, type Learner, leadIn, learntTurn, rowOf } from './learner.ts';
import { drawShown, type RowOptions } from './row-options.ts';
import type { TrainingRow } from './training-row.ts';

/** Whose speeches pages teach. */
export interface PageRequest {
  readonly source: Source;
  readonly options: RowOptions;
  /** The train scenes of the play, in order. */
  readonly scenes: readonly TurnScene[];
  /** Cast names of those who are learnt, with what the words of each weigh. */
  readonly weights: ReadonlyMap<string, number>;
}

/**
 * `page`: a play as it is printed, in stretches of scenes, every speech of one person alone learnt under that person's label.
 *
 * Each word is read once, whoever says it; rows of one character after the other would read a scene once for each who speaks
 * in it. Nobody's persona or memory is shown, as a page is nobody's.
 */
export function pageRows(request: PageRequest): TrainingRow[] {
  return request.scenes.flatMap(({ scene, turns }) =>
    pages(turns, request.options).flatMap(([from, to]) => pageRow(request, scene, turns, from, to)),
  );
}

function pageRow(
  { source, options, weights }: PageRequest,
  scene: string,
  turns: readonly Turn[],
  from: number,
  to: number,
): TrainingRow[] {
  const isLearnt = (turn: Turn): boolean => weights.has(turn.speaker) && isOwn(turn, turn.speaker);
  const said = turns.slice(from, to);
  const learnt = said.filter(isLearnt);
  if (learnt.length === 0) return [];
  const last = said.lastIndexOf(learnt.at(-1)!);
  const { directions } = drawShown(options, 'page', scene, learnt[0]!.place);
  const shows = { persona: false, memory: false, directions };
  const learner: Learner = { source, name: learnt[0]!.speaker, options, scenes: [] };
  const taught = said.slice(0, last + 1).map((turn) => {
    if (!isLearnt(turn)) return contextTurn(turn);
    const { lossWeight, ...words } = learntTurn(turn, options);
    return { ...words, lossWeight: lossWeight * weights.get(turn.speaker)! };
  });
  const context = leadIn(turns, from, options, shows);
  return [rowOf(learner, 'page', scene, learnt, [...context, ...taught], shows)];
}

/** Where pages begin and end: as many speeches as have `words` with the context before them, one at least. */
function pages(
  turns: readonly Turn[],
  { words: most, contextWords }: RowOptions,
): [number, number][] {
  const found: [number, number][] = [];
  let left = 0;
  turns.forEach((turn, i) => {
    const open = found.at(-1);
    if (open && turn.words <= left) open[1] = i + 1;
    else {
      found.push([i, i + 1]);
      left = most - (i === 0 ? 0 : contextWords);
    }
    left -= turn.words;
  });
  return found;
}
