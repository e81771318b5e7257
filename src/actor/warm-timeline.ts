import type { ActiveAdapter } from '../engine/session/active-adapters.ts';
import { applyForTurn } from '../engine/session/apply-for-turn.ts';
import type { Session } from '../engine/session/session.ts';
import type { ScenePrompt } from '../prompt/prompt.ts';
import { ParkedTimelines } from './parked-timelines.ts';
import { primeWithPrefix } from './prefix-states.ts';

/**
 * The timeline of a conversation under the policy `warm`: it begins with a persona's prefix, from disk where an earlier
 * process left it, and is left and taken up again as adapters change.
 */
export class WarmTimeline implements Disposable {
  readonly #session: Session;
  readonly #folder: string;
  readonly #parked: ParkedTimelines;
  /** The prefix that the session was last made to begin with. */
  #prefix = '';

  /** @param folder Where states are kept, of which the oldest may be deleted at any time. */
  constructor(session: Session, folder: string) {
    this.#session = session;
    this.#folder = folder;
    this.#parked = new ParkedTimelines(folder);
  }

  /** Makes the session begin with the prompt's prefix, unless it does already. */
  async prime({ tokens, prefixLength }: ScenePrompt, signal?: AbortSignal): Promise<void> {
    const prefix = tokens.slice(0, prefixLength);
    const name = `${prefix}`;
    if (prefixLength === 0 || name === this.#prefix) return;
    await primeWithPrefix(this.#session, prefix, this.#folder, signal);
    this.#prefix = name;
  }

  /**
   * Evaluates all of a prompt but its last token, which drawing does.
   *
   * @returns How many tokens were reused.
   */
  async read({ tokens }: ScenePrompt, signal?: AbortSignal): Promise<number> {
    if (tokens.length < 2) return 0;
    const { reused } = await this.#session.prefill(tokens.subarray(0, -1), signal);
    return reused;
  }

  /**
   * Other adapters empty the timeline, unless both are for own turns alone: what was read is then the same to both. Those
   * that were active before bring back their own.
   */
  async change(
    before: readonly ActiveAdapter[],
    adapters: readonly ActiveAdapter[],
  ): Promise<void> {
    applyForTurn(this.#session, before, undefined);
    const key = this.#session.adapterKey;
    await this.#parked.leave(this.#session, this.#prefix);
    applyForTurn(this.#session, adapters, undefined);
    if (this.#session.adapterKey === key) return;
    this.#prefix = '';
    this.#prefix = (await this.#parked.resume(this.#session)) ?? '';
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#parked[Symbol.dispose]();
  }
}
