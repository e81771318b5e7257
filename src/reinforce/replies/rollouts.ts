import type { Model } from '../../engine/model.ts';
import type { Sampling } from '../../engine/sampling.ts';
import type { ActiveAdapter } from '../../engine/session/active-adapters.ts';
import { applyForTurn } from '../../engine/session/apply-for-turn.ts';
import { defaultWindow } from '../../engine/session/cache.ts';
import { type DrawPart, drawTogether } from '../../engine/session/draw-together.ts';
import type { Session } from '../../engine/session/session.ts';
import { DramatisError } from '../../errors.ts';
import { templateOf } from '../../prompt/form.ts';
import { speechSampling } from '../../prompt/speech-sampling.ts';
import { hash32 } from '../../store/sha256.ts';
import type { Asked } from '../reward/reply.ts';
import type { ReplyRecipe, ReplySampler } from './reply-recipe.ts';

/** A question as the tokens that a character is asked with. */
export interface PromptedQuestion {
  readonly asked: Asked;
  readonly tokens: Int32Array;
  /** Tokens that all prompts of the character begin with. */
  readonly prefixLength: number;
  /** Where the character's own turn begins. */
  readonly turnFrom: number;
  /** Texts that end the reply. */
  readonly stop: readonly string[];
}

/** A reply as it was drawn. */
export interface Rollout {
  readonly question: PromptedQuestion;
  /** What was drawn, the token that ends a turn among it: all that the policy decided. */
  readonly tokens: Int32Array;
  readonly text: string;
  readonly isEnded: boolean;
}

/** Nothing but the model: no token is left out, none is made likelier. Other samplers draw from another policy. */
const full: Partial<Sampling> = {
  ...{ temperature: 1, topK: 0, topP: 1, minP: 0, topNSigma: 0 },
  ...{ repeatPenalty: 1, dryMultiplier: 0, grammar: '' },
};
const samplers: Readonly<Record<ReplySampler, Partial<Sampling>>> = { full, chat: speechSampling };

/**
 * Refuses what cannot be learned from as the method wants it.
 *
 * @throws {DramatisError} USAGE for a sampler that leaves tokens out with `rloo`, and for fewer than two replies to a question.
 */
export function requireDrawable({
  method,
  sampler,
  replies,
}: Pick<ReplyRecipe, 'method' | 'sampler' | 'replies'>): void {
  if (method === 'rloo' && sampler !== 'full')
    throw new DramatisError(
      'USAGE',
      `--sampler ${sampler} leaves tokens out, and rloo follows the gradient of what is drawn from all`,
      { remedy: 'Leave --sampler out, or learn by --method raft.' },
    );
  if (replies < 2)
    throw new DramatisError(
      'USAGE',
      `--replies ${replies}: a reply is only better or worse than another to the same question`,
      { remedy: 'Give --replies 2 or more; 4 are usual.' },
    );
}

/** How replies are drawn. */
export interface DrawOptions {
  readonly adapters: readonly ActiveAdapter[];
  /** Replies to each question. */
  readonly replies: number;
  /** Names the recipe's seed and the step: a draw follows from it, the question and its number. */
  readonly seed: string;
  readonly signal?: AbortSignal | undefined;
}

/** Draws replies of one character to many questions together, over one cache whose prefix all prompts share. */
export class Rollouts implements Disposable {
  readonly #root: Session;
  readonly #recipe: Pick<ReplyRecipe, 'replyTokens' | 'sampler'>;
  /** What a turn ends with, where the model has one token for it. */
  readonly #end: number | undefined;

  private constructor(
    root: Session,
    { form, ...recipe }: Pick<ReplyRecipe, 'replyTokens' | 'sampler' | 'form'>,
  ) {
    this.#root = root;
    this.#recipe = recipe;
    const last = templateOf(root.model)?.character.after.find((piece) => typeof piece !== 'string');
    this.#end =
      form === 'chat' && last && typeof last !== 'string'
        ? root.model.special(last.token)
        : undefined;
  }

  /** @param most Most questions of a draw, and most replies to each. */
  static async open(
    model: Model,
    recipe: Pick<ReplyRecipe, 'replyTokens' | 'sampler' | 'form'>,
    most: { readonly questions: number; readonly replies: number },
  ): Promise<Rollouts> {
    const sessions = most.questions * most.replies + 1;
    const window = Math.min(defaultWindow, model.info.trainedWindow);
    const tokens = window + sessions * (recipe.replyTokens + 1) + most.questions * window;
    const cache = await model.cache({
      ...{ sessions, window, tokens },
      stepTokens: 2 * model.stepTokens,
    });
    return new Rollouts(await cache.owningSession(), recipe);
  }

  /**
   * Replies to each question, those to one after another; the same for the same options, whatever was drawn before.
   *
   * @throws {DramatisError} WINDOW_EXCEEDED, NATIVE_FAILED; `signal.reason`.
   */
  async draw(
    questions: readonly PromptedQuestion[],
    { adapters, replies, seed, signal }: DrawOptions,
  ): Promise<Rollout[]> {
    const [first] = questions;
    if (!first) return [];
    applyForTurn(this.#root, adapters, undefined);
    await this.#root.startFrom(first.tokens.subarray(0, first.prefixLength), 'exact', signal);
    const forks: Session[] = [];
    try {
      const parts: DrawPart[] = [];
      for (const question of questions) {
        const { asked, tokens, turnFrom, stop } = question;
        const head = await this.#root.fork();
        forks.push(head);
        applyForTurn(head, adapters, turnFrom);
        await head.prefill(tokens.subarray(0, -1), signal);
        for (let k = 0; k < replies; k++) {
          const session = k === 0 ? head : await head.fork();
          if (k > 0) forks.push(session);
          const sampling = {
            ...samplers[this.#recipe.sampler],
            seed: hash32(JSON.stringify([seed, asked.id, k])),
          };
          const maxTokens = this.#recipe.replyTokens;
          parts.push({ session, prompt: tokens, options: { sampling, maxTokens, stop } });
        }
      }
      return await this.#drawn(questions, parts, { replies, signal });
    } finally {
      for (const fork of forks) fork[Symbol.dispose]();
    }
  }

  async #drawn(
    questions: readonly PromptedQuestion[],
    parts: readonly DrawPart[],
    { replies, signal }: Pick<DrawOptions, 'replies' | 'signal'>,
  ): Promise<Rollout[]> {
    const drawn = parts.map(() => ({ tokens: [] as number[], text: '', isEnded: false }));
    for await (const { part, token, text, stop } of drawTogether(parts, signal)) {
      const one = drawn[part]!;
      if (token !== undefined) one.tokens.push(token);
      one.text += text;
      if (stop === undefined) continue;
      one.isEnded = stop === 'end' || stop === 'stop';
      if (stop === 'end' && this.#end !== undefined) one.tokens.push(this.#end);
    }
    return drawn.map(({ tokens, text, isEnded }, i) => ({
      question: questions[Math.floor(i / replies)]!,
      tokens: Int32Array.from(tokens),
      text: text.trim(),
      isEnded,
    }));
  }

  /**
   * −log p of each token of a reply by the engine that drew it, in nats.
   *
   * @throws {DramatisError} `signal.reason`.
   */
  async nats(
    { question: { tokens: prompt, turnFrom }, tokens }: Rollout,
    adapters: readonly ActiveAdapter[],
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    applyForTurn(this.#root, adapters, turnFrom);
    const [found] = await this.#root.score(prompt, [tokens], signal);
    return found!.map((nats) => -nats);
  }

  [Symbol.dispose](): void {
    this.#root[Symbol.dispose]();
  }
}
