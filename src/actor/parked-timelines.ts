import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../engine/session/session.ts';
import { DramatisError } from '../errors.ts';

/**
 * Timelines of a session that were left when other adapters were put on, so that putting the old ones on again goes
 * on where they were. Evaluating the same tokens once more would do nearly as well, and only nearly: a prompt read in
 * one go and the same words spoken one by one differ in the last bits, and now and then in a word drawn at the same
 * seed.
 */
export class ParkedTimelines implements Disposable {
  readonly #folder: string;
  readonly #owner = randomBytes(6).toString('hex');
  readonly #made: string[] = [];
  /** By adapter key. */
  readonly #left = new Map<string, { readonly path: string; readonly note: string }>();

  /** @param folder Where states are kept, of which the oldest may be deleted at any time. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param note What `resume` is to give back. */
  async leave(session: Session, note: string): Promise<void> {
    const key = session.adapterKey;
    const path = this.#left.get(key)?.path ?? this.#newPath();
    this.#left.delete(key);
    if (session.length === 0) return;
    try {
      await session.save(path);
      this.#left.set(key, { path, note });
    } catch (error) {
      // A full disk must not end a conversation: the tokens can be evaluated again.
      if (!(error instanceof DramatisError && error.code === 'STORE_UNWRITABLE')) throw error;
    }
  }

  /** @returns The note, if the session with the adapters it has now is as it was left with them. */
  async resume(session: Session): Promise<string | undefined> {
    const left = this.#left.get(session.adapterKey);
    return left && (await session.restore(left.path)) ? left.note : undefined;
  }

  #newPath(): string {
    const path = join(this.#folder, `left-${this.#owner}-${this.#made.length}.state`);
    this.#made.push(path);
    return path;
  }

  [Symbol.dispose](): void {
    for (const path of this.#made) rmSync(path, { force: true });
  }
}
