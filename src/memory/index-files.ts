import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../store/disk.ts';
import { sha256 } from '../store/sha256.ts';
import { writeAtomic } from '../store/write-atomic.ts';
import { ExactIndex } from './exact-index.ts';
import { exactLimit, graphShape, HnswIndex } from './hnsw-index.ts';
import type { VectorIndex } from './vector-index.ts';

/** What an index is made from. If any of it changes, the index is another one. */
export interface IndexSource {
  /** sha256 of the play's text. */
  readonly play: string;
  /** sha256 of the texts that were embedded, in order. */
  readonly passages: string;
  /** sha256 of the embedding model's file. */
  readonly embedder: string;
  /** How many texts. */
  readonly count: number;
}

/** Written beside the vectors; the index is used only if every field agrees with what is there. */
interface Sidecar {
  readonly format: 'dramatis-memory-index';
  readonly version: 1;
  readonly source: IndexSource;
  readonly metric: 'inner-product';
  readonly dim: number;
  /** Size and hash of the file of `count × dim` little-endian 32-bit floats. */
  readonly vectors: { readonly bytes: number; readonly sha256: string };
  /** Only where there are more rows than `exactLimit`. */
  readonly graph: (typeof graphShape & { readonly sha256: string }) | null;
}

/** Either an index that can be trusted, or why there is none; no reason if there never was one. */
export type ReadIndex = { readonly index: VectorIndex } | { readonly reason?: string };

/** The three files of one index: a JSON sidecar, the vectors and, if there are very many, their graph. */
export class IndexFiles {
  readonly #source: IndexSource;
  readonly #sidecar: string;
  readonly #vectors: string;
  readonly #graph: string;
  readonly #exactLimit: number;

  /** The name holds the play and the embedding model, so that two of either do not displace each other. */
  constructor(folder: string, source: IndexSource, limit = exactLimit) {
    const name = sha256(`${source.play} ${source.embedder}`).slice(0, 16);
    this.#source = source;
    this.#sidecar = join(folder, `${name}.json`);
    this.#vectors = join(folder, `${name}.f32`);
    this.#graph = join(folder, `${name}.hnsw`);
    this.#exactLimit = limit;
  }

  /** Every byte is verified before it is used; what is damaged, old or another's is never used. */
  async read(): Promise<ReadIndex> {
    const text = await readIfThere(this.#sidecar);
    if (!text) return {};
    const sidecar = parseSidecar(text);
    if (!sidecar) return { reason: `${this.#sidecar} is damaged or of another version` };
    if (JSON.stringify(sidecar.source) !== JSON.stringify(this.#source))
      return { reason: 'the play, its passages or the embedding model have changed' };
    const bytes = await readIfThere(this.#vectors);
    if (!bytes || !isWhole(bytes, sidecar)) return { reason: `${this.#vectors} is damaged` };
    const rows = floatsOf(bytes);
    if (this.#source.count <= this.#exactLimit) return { index: new ExactIndex(rows, sidecar.dim) };
    const graph = await readIfThere(this.#graph);
    if (!graph || sha256(graph) !== sidecar.graph?.sha256)
      return { reason: `${this.#graph} is damaged` };
    return { index: await HnswIndex.load(this.#graph, rows, sidecar.dim, this.#exactLimit) };
  }

  /**
   * Keeps the rows, and returns the index of them.
   *
   * @throws {DramatisError} STORE_UNWRITABLE
   */
  async write(rows: Float32Array, dim: number): Promise<VectorIndex> {
    const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    await writeAtomic(this.#vectors, bytes);
    const index =
      this.#source.count <= this.#exactLimit
        ? new ExactIndex(rows, dim)
        : await HnswIndex.build(rows, dim, this.#exactLimit);
    const graph =
      index instanceof HnswIndex
        ? { ...graphShape, sha256: sha256(await index.save(this.#graph)) }
        : null;
    const sidecar: Sidecar = {
      format: 'dramatis-memory-index',
      version: 1,
      source: this.#source,
      metric: 'inner-product',
      dim,
      vectors: { bytes: bytes.length, sha256: sha256(bytes) },
      graph,
    };
    // Last: without it, or with an older one, the files above are not taken for an index.
    await writeAtomic(this.#sidecar, `${JSON.stringify(sidecar, null, 2)}\n`);
    return index;
  }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parseSidecar(text: Buffer): Sidecar | undefined {
  try {
    const found = JSON.parse(text.toString('utf8')) as Sidecar;
    const known = found.format === 'dramatis-memory-index' && found.version === 1;
    return known && Number.isInteger(found.dim) && found.dim > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(bytes: Uint8Array, { source, dim, vectors }: Sidecar): boolean {
  return (
    bytes.length === source.count * dim * Float32Array.BYTES_PER_ELEMENT &&
    bytes.length === vectors.bytes &&
    sha256(bytes) === vectors.sha256
  );
}

/** The machines we run on are little-endian, as the file is. A copy, since a Buffer may lie unaligned. */
function floatsOf(bytes: Buffer): Float32Array {
  return new Float32Array(new Uint8Array(bytes).buffer);
}
