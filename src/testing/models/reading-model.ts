import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Adapter } from '../../engine/adapter.ts';

/** Stands in for a model: reads adapters as one does, and computes nothing. */
export class ReadingModel {
  /** Paths, in the order read. */
  readonly read: string[] = [];
  /** Those whose adapters were given back. */
  readonly disposed: string[] = [];

  async adapter(path: string): Promise<Adapter> {
    this.read.push(path);
    const hash = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    const adapter = {
      path,
      hash,
      rank: 1,
      alpha: 1,
      [Symbol.dispose]: () => void this.disposed.push(path),
    };
    return adapter as unknown as Adapter;
  }
}
