import { readFile } from 'node:fs/promises';
import { sha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { ExactIndex } from './exact-index.ts';
import { graphShape, HnswIndex, hasGraphs, leastGraphRows } from './hnsw-index.ts';
import type { VectorIndex } from './vector-index.ts';

/** Written beside a graph: it is used only if every field agrees with what is there. */
interface GraphRecord {
  readonly format: 'dramatis-graph';
  readonly version: 1;
  readonly shape: typeof graphShape;
  /** sha256 of the rows that are linked. */
  readonly rows: string;
  /** sha256 of the graph's file, whose C++ loader trusts every byte of it. */
  readonly graph: string;
}

/**
 * An index of rows: exact if they are few, else with a graph, which is kept in a file and made once for the same rows.
 *
 * @param path Of the graph's file; its record lies beside it.
 * @throws {DramatisError} STORE_UNWRITABLE
 */
export async function indexOf(
  rows: Float32Array,
  dim: number,
  path: string,
  least = leastGraphRows,
): Promise<VectorIndex> {
  if (rows.length / dim < least || !(await hasGraphs())) return new ExactIndex(rows, dim);
  const recordPath = `${path}.json`;
  const record = {
    format: 'dramatis-graph',
    version: 1,
    shape: graphShape,
    rows: sha256(new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)),
  } as const;
  const [kept, graph] = await Promise.all([readIfThere(recordPath), readIfThere(path)]);
  if (kept && graph) {
    const wanted: GraphRecord = { ...record, graph: sha256(graph) };
    if (kept.toString('utf8') === textOf(wanted)) return HnswIndex.load(path, rows, dim);
  }
  const index = await HnswIndex.build(rows, dim);
  const made: GraphRecord = { ...record, graph: sha256(await index.save(path)) };
  // Last: without it, or with an older one, the graph is not used.
  await writeAtomic(recordPath, textOf(made));
  return index;
}

const textOf = (record: GraphRecord): string => `${JSON.stringify(record, null, 2)}\n`;

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch(() => undefined);
}
