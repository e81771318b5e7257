import type { Session } from '../engine/session/session.ts';

/** The session that a speaker is held against, opened when contrast first asks for it. */
export class ContrastBase implements Disposable {
  readonly #speaker: Session;
  #opening: Promise<Session> | undefined;
  #session: Session | undefined;

  constructor(speaker: Session) {
    this.#speaker = speaker;
  }

  /** @throws {DramatisError} MEMORY_SHORT when it is first opened. */
  async session(): Promise<Session> {
    this.#opening ??= this.#open();
    this.#session = await this.#opening;
    return this.#session;
  }

  /** In the speaker's own cache, where the two take their steps together; in another if that is full. */
  async #open(): Promise<Session> {
    const { cache, model, window } = this.#speaker;
    const { sessions, open } = await cache.usage();
    return open < sessions ? cache.session() : model.session({ window });
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#session?.[Symbol.dispose]();
  }
}
