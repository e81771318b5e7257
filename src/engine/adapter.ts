import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { NativeAdapter } from './native.ts';

/** The tokens an adapter was trained to act on: all that is read, or its own turns behind what the model alone has read. */
export type AdapterScope = 'context' | 'turn';

/** A LoRA adapter of one model, in memory; or a control vector, which is of rank 0. */
export class Adapter {
  /** Empty for one that no file holds. */
  readonly path: string;
  /** sha256 of the file, or a unique name where there is none: sessions key their cache by it, never by the path. */
  readonly hash: string;
  readonly rank: number;
  readonly alpha: number;
  /** Undefined where the file does not say. */
  readonly scope: AdapterScope | undefined;
  /** @internal */
  readonly native: NativeAdapter;

  /** @internal */
  constructor(path: string, hash: string, lora: LoraFacts, native: NativeAdapter) {
    this.path = path;
    this.hash = hash;
    this.rank = lora.rank;
    this.alpha = lora.alpha;
    this.scope = lora.scope;
    this.native = native;
  }

  [Symbol.dispose](): void {
    this.native.dispose();
  }
}

/** Facts that a LoRA file states about itself. */
export interface LoraFacts {
  /** The highest rank of its matrices. */
  readonly rank: number;
  readonly alpha: number;
  readonly scope?: AdapterScope | undefined;
}

/** sha256 of a file that fits into memory, in hex, computed off JavaScript's thread so that replies are not delayed. */
export async function contentHashAside(path: string): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', await readFile(path));
  return Buffer.from(digest).toString('hex');
}
