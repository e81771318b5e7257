/** A vector found. */
export interface Neighbour {
  /** Number of its row. */
  readonly row: number;
  /** Inner product with the query: the cosine, since both have norm 1. */
  readonly likeness: number;
}

/** Rows of norm 1 that can be searched for those most like a query. */
export interface VectorIndex {
  /** Rows. */
  readonly count: number;
  /** Numbers in a row. */
  readonly dim: number;
  /** Inner product of the query and one row. */
  likeness(query: Float32Array, row: number): number;
  /** The `limit` rows most like the query among those allowed, best first; of equals, the first row. */
  search(query: Float32Array, limit: number, allowed: (row: number) => boolean): Neighbour[];
}
