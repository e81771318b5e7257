import { ExactIndex } from '#dramatis/memory/exact-index.js';
import { HnswIndex, leastGraphRows } from '#dramatis/memory/hnsw-index.js';
import { type Row, rowOf } from './record.ts';

/** As the embedding model's, and as many as memory asks for. */
const dim = 384;
const wanted = 60;
const queryCount = 40;

/**
 * Exact search against the graph, by number of rows and by the share that a filter leaves: milliseconds
 * a query, the graph's recall of the exact ten first, and what making the graph costs. Rows lie in
 * clusters, as those of sentences do.
 */
export async function* run(): AsyncGenerator<Row> {
  for (const count of [leastGraphRows, 5_000, 20_000, 50_000]) {
    const rows = clusteredRows(count, 1);
    const queries = Array.from({ length: queryCount }, (_, i) => clusteredRows(1, 1000 + i));
    const exact = new ExactIndex(rows, dim);
    const start = performance.now();
    const graph = await HnswIndex.build(rows, dim);
    const conditions = { rows: count, dim, wanted };
    yield rowOf('hnsw', `make the graph of ${count} rows`, 's', [seconds(start)], conditions);
    for (const share of [1, 0.3]) {
      const allowed = (row: number): boolean => row % 10 < 10 * share;
      const exactMs: number[] = [];
      const graphMs: number[] = [];
      let found = 0;
      for (const query of queries) {
        const first = new Set(
          time(exactMs, () => exact.search(query, wanted, allowed))
            .slice(0, 10)
            .map(({ row }) => row),
        );
        const near = time(graphMs, () => graph.search(query, wanted, allowed)).slice(0, 10);
        found += near.filter(({ row }) => first.has(row)).length;
      }
      const recallAt10 = found / (10 * queryCount);
      const name = `${count} rows, ${100 * share} % allowed`;
      yield rowOf('hnsw', `exact, ${name}`, 'ms', exactMs, conditions);
      yield rowOf('hnsw', `graph, ${name}, recall ${recallAt10.toFixed(3)}`, 'ms', graphMs, {
        ...conditions,
        recallAt10,
      });
    }
  }
}

const seconds = (start: number): number => (performance.now() - start) / 1000;

function time<T>(samples: number[], task: () => T): T {
  const start = performance.now();
  const result = task();
  samples.push(performance.now() - start);
  return result;
}

/** Rows of norm 1 around a hundred centres; the same for the same seed. */
function clusteredRows(count: number, seed: number): Float32Array {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const centre = (cluster: number, i: number): number => Math.sin(7919 * cluster + 104_729 * i);
  const rows = new Float32Array(count * dim);
  for (let row = 0; row < count; row++) {
    const cluster = Math.floor(100 * (uniform() + 0.5));
    const values = Array.from({ length: dim }, (_, i) => centre(cluster, i) + 2 * uniform());
    const norm = Math.hypot(...values);
    rows.set(
      values.map((value) => value / norm),
      row * dim,
    );
  }
  return rows;
}
