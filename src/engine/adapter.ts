import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { NativeAdapter } from './native.ts';

/** A LoRA adapter of one model, in memory. */
export class Adapter {
  /** Empty for one that no file holds. */
  readonly path: string;
  /** sha256 of the file, or a name of its own: what a session's cache is keyed by, never the path. */
  readonly hash: string;
  readonly rank: number;
  readonly alpha: number;
  readonly native: NativeAdapter;

  constructor(path: string, hash: string, rank: number, alpha: number, native: NativeAdapter) {
    this.path = path;
    this.hash = hash;
    this.rank = rank;
    this.alpha = alpha;
    this.native = native;
  }

  [Symbol.dispose](): void {
    this.native.dispose();
  }
}

/** sha256 of a file's content, in hex. */
export async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
