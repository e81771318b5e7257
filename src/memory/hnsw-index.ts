import { readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HierarchicalNSW } from 'hnswlib-node';
import { hnswlib } from '../engine/hnswlib.ts';
import { unwritable } from '../store/disk.ts';
import { makeFolder } from '../store/make-folder.ts';
import { temporaryPath } from '../store/temporary.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { ExactIndex } from './exact-index.ts';
import type { Neighbour, VectorIndex } from './vector-index.ts';

/** Links of a node, and how many candidates are weighed while one is linked in. */
export const graphShape = { m: 24, efConstruction: 200, seed: 100 } as const;

/**
 * Rows from which on an index has a graph. Looking at all of them takes as long there, .3 ms; the graph takes no longer
 * for ten times as many: bench/hnsw-crossover.bench.ts.
 */
export const leastGraphRows = 1000;

/**
 * Share of the rows that a filter must allow for the graph to be asked: among fewer it looks at more than there are, and
 * would lose some.
 */
const narrowShare = 0.1;

/** Candidates weighed per row wanted; bench/hnsw-crossover.bench.ts measures the recall that gives. */
const breadth = 8;
const leastBreadth = 400;

/**
 * Finds the rows most like a query by walking a graph of near rows (hnswlib): some may be missed, but
 * far fewer are looked at. A filter that leaves few rows is answered by looking at all of those.
 *
 * @see Malkov and Yashunin, "Efficient and Robust Approximate Nearest Neighbor Search Using
 *   Hierarchical Navigable Small World Graphs", 2016.
 */
export class HnswIndex implements VectorIndex {
  readonly count: number;
  readonly dim: number;
  readonly #exact: ExactIndex;
  readonly #graph: HierarchicalNSW;

  private constructor(exact: ExactIndex, graph: HierarchicalNSW) {
    this.count = exact.count;
    this.dim = exact.dim;
    this.#exact = exact;
    this.#graph = graph;
  }

  /** Links all rows: .2 s for a thousand, minutes for a million, so the graph is worth saving. */
  static async build(rows: Float32Array, dim: number): Promise<HnswIndex> {
    const exact = new ExactIndex(rows, dim);
    const graph = await emptyGraph(dim);
    const { m, efConstruction, seed } = graphShape;
    graph.initIndex(exact.count, m, efConstruction, seed);
    for (let row = 0; row < exact.count; row++)
      graph.addPoint(Array.from(rows.subarray(row * dim, (row + 1) * dim)), row);
    return new HnswIndex(exact, graph);
  }

  /**
   * Takes up a graph saved for these rows.
   *
   * @param path A file whose checksum the caller has just verified: the C++ loader trusts every byte of it.
   */
  static async load(path: string, rows: Float32Array, dim: number): Promise<HnswIndex> {
    const graph = await emptyGraph(dim);
    graph.readIndexSync(path);
    return new HnswIndex(new ExactIndex(rows, dim), graph);
  }

  /** @returns The bytes written, for their checksum. */
  async save(path: string): Promise<Uint8Array> {
    const temporary = temporaryPath(path);
    try {
      await makeFolder(dirname(path));
      this.#graph.writeIndexSync(temporary);
      const bytes = await readFile(temporary);
      await writeAtomic(path, bytes);
      return bytes;
    } catch (error) {
      throw unwritable(path, error);
    } finally {
      await unlink(temporary).catch(() => {}); // not there if writing it is what failed
    }
  }

  likeness(query: Float32Array, row: number): number {
    return this.#exact.likeness(query, row);
  }

  search(query: Float32Array, limit: number, allowed: (row: number) => boolean): Neighbour[] {
    let count = 0;
    for (let row = 0; row < this.count; row++) if (allowed(row)) count++;
    if (count < Math.max(limit, narrowShare * this.count))
      return this.#exact.search(query, limit, allowed);
    this.#graph.setEf(Math.max(leastBreadth, breadth * limit));
    const { neighbors, distances } = this.#graph.searchKnn(Array.from(query), limit, allowed);
    return neighbors
      .map((row, i) => ({ row, likeness: 1 - distances[i]! }))
      .sort((a, b) => b.likeness - a.likeness || a.row - b.row);
  }
}

/** Whether there can be graphs here: without hnswlib every row is looked at, which gives the same and takes longer. */
export async function hasGraphs(): Promise<boolean> {
  return (await hnswlib()) !== undefined;
}

/** The addon is loaded only here: a small play never needs it. */
async function emptyGraph(dim: number): Promise<HierarchicalNSW> {
  return new (await hnswlib())!.HierarchicalNSW('ip', dim);
}
