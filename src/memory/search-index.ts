import { fuse } from './fuse.ts';
import type { KindIndex } from './kind-index.ts';
import type { EmbedOptions } from './row-vectors.ts';

/** A query in one wording. */
export interface Phrasing {
  readonly text: string;
  readonly vector: Float32Array;
}

/** A row found. */
export interface Match {
  readonly row: number;
  readonly item: number;
  /** 1 if it is first by words and by meaning, down to 0. */
  readonly score: number;
  /** Cosine with the nearest wording; undefined if it was found by its words alone. */
  readonly likeness: number | undefined;
}

/** How many rows each of the two searches puts forward. */
const depth = 60;

/**
 * The allowed rows that fit a query best, by words and by meaning, fused by reciprocal rank. A row counts by the wording
 * that it fits best.
 */
export async function searchIndex(
  index: KindIndex,
  phrasings: readonly Phrasing[],
  allowed: (row: number) => boolean,
  options: EmbedOptions = {},
): Promise<Match[]> {
  const vectors = await index.vectors(options);
  const likeness = best(
    phrasings.map(({ vector }) =>
      vectors.search(vector, depth, allowed).map((one) => [one.row, one.likeness] as const),
    ),
  );
  const words = best(
    phrasings.map(({ text }) =>
      index.byWords(text, depth, allowed).map((one) => [one.row, one.score] as const),
    ),
  );
  return fuse([ranking(likeness), ranking(words)]).map(({ item: row, score }) => ({
    row,
    item: index.rows[row]!.item,
    score,
    likeness: likeness.get(row),
  }));
}

/** The greatest figure that each row has in any of the lists. */
function best(
  lists: readonly (readonly (readonly [row: number, figure: number])[])[],
): Map<number, number> {
  const figures = new Map<number, number>();
  for (const [row, figure] of lists.flat())
    figures.set(row, Math.max(figure, figures.get(row) ?? -Infinity));
  return figures;
}

function ranking(figures: ReadonlyMap<number, number>): number[] {
  return [...figures]
    .sort(([rowA, a], [rowB, b]) => b - a || rowA - rowB)
    .slice(0, depth)
    .map(([row]) => row);
}
