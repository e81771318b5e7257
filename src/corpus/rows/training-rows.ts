import { DramatisError } from '../../errors.ts';
import { isCollective } from '../../play/cast/label.ts';
import type { Source } from '../source.ts';
import {
  contrastRows,
  elsewhereRows,
  exchangeRows,
  mislabelledRows,
  ownRows,
} from './answer-rows.ts';
import { knowRows } from './know-rows.ts';
import { isOwn, type Learner, trainScenes } from './learner.ts';
import { pageRows } from './page-rows.ts';
import { protectiveRows } from './protective-rows.ts';
import { type RowOptions, type RowRequest, rowOptions } from './row-options.ts';
import { sceneRows } from './scene-rows.ts';
import type { RowKind, TrainingRow } from './training-row.ts';

/** Nobody weighs more than so many times as much as usual, nor less than that part of it. */
const mostScale = 4;

/** Rows of one learner; those of the kind `page` are of everybody at once. */
const rowMakers: Readonly<Record<Exclude<RowKind, 'page'>, (learner: Learner) => TrainingRow[]>> = {
  scene: sceneRows,
  exchange: exchangeRows,
  elsewhere: elsewhereRows,
  protective: protectiveRows,
  own: ownRows,
  contrast: contrastRows,
  mislabelled: mislabelledRows,
  know: knowRows,
};

/**
 * What the character of a source learns from, or everybody in it: rows of the train scenes, and of no others.
 *
 * The same source and options give the same rows, in the order of the kinds and then of the play. Shadow items of the
 * benchmark are train like others: they are never rewarded, but the words are there to be learnt.
 *
 * @throws {DramatisError} USAGE for pages that are to teach one alone.
 * @throws {RangeError} If the source names no character and the rows are not for everybody.
 */
export function trainingRows(source: Source, options: RowRequest = {}): TrainingRow[] {
  const all = rowOptions(options);
  const scenes = trainScenes(source);
  const names = learners(source, all);
  const weights = scales(source, names, all);
  const kinds = all.kinds.filter((kind) => kind !== 'page');
  const isPaged = kinds.length < all.kinds.length;
  if (isPaged && !all.everyone)
    throw new DramatisError('USAGE', 'rows of the kind page teach everybody on it', {
      remedy: 'Give --everyone, or leave "page" out of --kinds.',
    });
  return [
    ...(isPaged ? pageRows({ source, options: all, scenes, weights }) : []),
    ...names.flatMap((name) =>
      kinds
        .flatMap((kind) => rowMakers[kind]({ source, name, options: all, scenes }))
        .map((row) => weighed(row, weights.get(name)!)),
    ),
  ];
}

/** By name: what the character's words weigh, so that who says little is not drowned. */
function scales(
  source: Source,
  names: readonly string[],
  { balance }: RowOptions,
): ReadonlyMap<string, number> {
  const turns = trainScenes(source).flatMap((scene) => scene.turns);
  const said = names.map((name) =>
    turns.filter((turn) => isOwn(turn, name)).reduce((sum, { words }) => sum + words, 0),
  );
  const mean = said.reduce((sum, count) => sum + count, 0) / names.length;
  return new Map(
    names.map((name, i) => {
      const scale = said[i] === 0 ? 1 : (mean / said[i]!) ** balance;
      return [name, Math.min(mostScale, Math.max(1 / mostScale, scale))];
    }),
  );
}

function weighed(row: TrainingRow, scale: number): TrainingRow {
  if (scale === 1) return row;
  return {
    ...row,
    turns: row.turns.map((turn) => ({ ...turn, lossWeight: scale * turn.lossWeight })),
  };
}

/** Cast names of those who learn: of everybody, those who say something alone in a train scene. */
function learners(source: Source, { everyone }: RowOptions): string[] {
  if (!everyone) {
    if (!source.character) throw new RangeError('the source names no character to learn');
    return [source.character.name];
  }
  const turns = trainScenes(source).flatMap((scene) => scene.turns);
  return source.play.cast
    .map(({ name }) => name)
    .filter((name) => !isCollective(name) && turns.some((turn) => isOwn(turn, name)));
}
