import type { Model } from '../engine/model.ts';
import type { Session } from '../engine/session/session.ts';
import type { Form, ScenePrompt, Turn } from '../prompt/prompt.ts';
import { scenePrompt } from '../prompt/scene-prompt.ts';
import { Contrast } from '../steer/draw/contrast.ts';

export interface ContrastBaseOptions {
  readonly model: Model;
  readonly form: Form;
  /** Cast name. */
  readonly name: string;
  /** Tokens of its session. */
  readonly window: number;
}

/**
 * Who the character is held against: the same model without what makes it the character. Without an adapter that is the
 * same conversation with no persona told; with one, the same prompt with no adapter active.
 */
export class ContrastBase implements Disposable {
  readonly #options: ContrastBaseOptions;
  #session: Session | undefined;

  constructor(options: ContrastBaseOptions) {
    this.#options = options;
  }

  /** @throws {DramatisError} MEMORY_SHORT when its session is first opened. */
  async contrast(
    alpha: number,
    prompt: Pick<ScenePrompt, 'tokens' | 'dropped'>,
    turns: readonly Turn[],
    { session, isAdapted }: { readonly session: Session; readonly isAdapted: boolean },
  ): Promise<Contrast> {
    this.#session ??= await this.#open(session);
    const tokens = isAdapted ? prompt.tokens : this.#bare(turns.slice(prompt.dropped));
    return new Contrast({ alpha, base: this.#session, prompt: tokens });
  }

  /** In the character's own cache, where the two take their steps together; in another if that is full. */
  async #open(session: Session): Promise<Session> {
    const { model, window } = this.#options;
    const { sessions, open } = await session.cache.usage();
    return open < sessions ? session.cache.session() : model.session({ window });
  }

  #bare(turns: readonly Turn[]): Int32Array {
    const { model, form, name } = this.#options;
    return scenePrompt(model, { form, turns, speaker: name }).tokens;
  }

  /** Idempotent. */
  [Symbol.dispose](): void {
    this.#session?.[Symbol.dispose]();
  }
}
