import type { RowOptions } from '../../corpus/rows/row-options.ts';
import type { TrainingRow } from '../../corpus/rows/training-row.ts';
import { trainingRows } from '../../corpus/rows/training-rows.ts';
import type { Source } from '../../corpus/source.ts';
import { devSlice } from '../../corpus/splits/dev-slice.ts';
import { DramatisError } from '../../errors.ts';
import { hasPairs } from '../../train/objectives/all.ts';
import type { Recipe } from '../../train/recipe.ts';
import type { GivenRowsFile } from '../open-rows.ts';
import { openRows } from '../open-rows.ts';

/** What an adapter learns from, and what it is asked on the dev scenes. */
export interface RowsOfRun<S extends Source> {
  /** With the parts that are in force: as given, or with a slice of train as dev. */
  readonly source: S;
  readonly rows: readonly TrainingRow[];
  readonly dev: readonly TrainingRow[];
  /** Train scenes that are dev in this run, because the character says nothing in the play's own. */
  readonly devScenes: readonly string[] | undefined;
}

interface RowsRequest {
  readonly objective: Recipe['objective'];
  readonly rows: RowOptions;
  readonly data?: GivenRowsFile | undefined;
}

/**
 * The rows of a run, through the data gate. Whoever says nothing in the dev scenes gets a slice of train in their place: a
 * run that is asked nothing cannot be stopped in time, and shows no figure at its end.
 *
 * @throws {DramatisError} DATA_REFUSED; NO_ITEMS if there is nothing to learn.
 */
export function rowsOfRun<S extends Source>(request: RowsRequest, source: S): RowsOfRun<S> {
  const dev = devRows(request, source);
  const slice = dev.length === 0 && !request.rows.everyone ? devSlice(source) : undefined;
  const parted = slice ? { ...source, split: slice.split } : source;
  const { rows } = openRows({ ...request.rows, data: request.data }, parted);
  requireLessons(rows, request, parted);
  return {
    source: parted,
    rows,
    dev: slice ? devRows(request, parted) : dev,
    devScenes: slice?.scenes,
  };
}

/** What is asked on the dev scenes: rows of the plainest kind that the run has to do with, with all that may be shown. */
function devRows({ objective, rows }: RowsRequest, source: Source): TrainingRow[] {
  const { split } = source;
  const asTrain = {
    ...source,
    split: {
      ...split,
      partOf: (scene: string) => (split.partOf(scene) === 'dev' ? 'train' : 'holdout') as 'train',
    },
  };
  const drops = { persona: 0, memory: 1, directions: 1 };
  if (hasPairs(objective)) return trainingRows(asTrain, { ...rows, kinds: ['contrast'], drops });
  // Who learns to answer from facts alone says them in plain words, which no scene of a play has.
  const isOfFacts = rows.kinds.every((kind) => kind === 'know');
  const isOfPages = rows.kinds.every((kind) => kind === 'page');
  const kind = isOfFacts ? 'know' : isOfPages ? 'page' : 'scene';
  return trainingRows(asTrain, { ...rows, kinds: [kind], drops, contrast: 0 });
}

function requireLessons(
  rows: readonly TrainingRow[],
  { objective }: RowsRequest,
  source: Source,
): void {
  const isPair = ({ preferred }: TrainingRow): boolean =>
    preferred !== undefined && hasPairs(objective);
  if (rows.some((row) => isPair(row) || row.turns.some(({ lossWeight }) => lossWeight > 0))) return;
  const whom = source.character?.name ?? 'nobody';
  throw new DramatisError('NO_ITEMS', `${whom} says nothing there`, {
    remedy: 'Choose another character or other --kinds: the scenes held out teach nothing.',
  });
}
