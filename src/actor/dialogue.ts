import type { Sampling } from '../engine/sampling.ts';
import { formatPlace } from '../play/place.ts';
import { VISITOR } from '../prompt/prompt.ts';
import type { Actor } from './actor.ts';
import type { Conversation } from './conversation.ts';
import type { Reply, ReplyEvent } from './reply.ts';
import { turnsUntil } from './turns-until.ts';

export interface DialogueOptions {
  readonly actor: Actor;
  readonly conversation: Conversation;
  /** Seed of the first answer; each further one takes the next number. */
  readonly seed: number;
  readonly sampling?: Partial<Sampling> | undefined;
  readonly maxTokens?: number | undefined;
}

/** How one answer differs from the others of its dialogue. */
export interface AnswerOptions {
  readonly seed?: number | undefined;
  readonly sampling?: Partial<Sampling> | undefined;
  readonly maxTokens?: number | undefined;
}

/** An actor and a visitor talking: every turn is in the conversation's journal before it is done. */
export class Dialogue {
  readonly actor: Actor;
  readonly conversation: Conversation;
  /** The last whole answer. */
  last: Reply | undefined;
  readonly #sampling: Partial<Sampling> | undefined;
  readonly #maxTokens: number | undefined;
  #seed: number;

  constructor({ actor, conversation, seed, sampling, maxTokens }: DialogueOptions) {
    this.actor = actor;
    this.conversation = conversation;
    this.#seed = seed;
    this.#sampling = sampling;
    this.#maxTokens = maxTokens;
  }

  /** What the next answer is drawn with. */
  get seed(): number {
    return this.#seed;
  }

  set seed(seed: number) {
    this.#seed = seed;
  }

  /**
   * The visitor says something and the actor answers. If the answer is stopped, what was said of it
   * stays; if nothing was, the visitor's words are taken back.
   *
   * @throws {DramatisError} What `Actor.reply` and `Conversation.say` throw; `signal.reason` when aborted.
   */
  async *say(
    text: string,
    signal?: AbortSignal,
    drawn: AnswerOptions = {},
  ): AsyncGenerator<ReplyEvent> {
    await this.conversation.say({ speaker: VISITOR, text, at: this.#at });
    yield* this.#answer(signal, drawn);
  }

  /** Another answer to the visitor's last words, in place of the one there is. */
  async *again(signal?: AbortSignal): AsyncGenerator<ReplyEvent> {
    const { name } = this.actor.character;
    if (this.conversation.turns.at(-1)?.speaker === name) await this.conversation.undo(1);
    if (this.conversation.turns.length > 0) yield* this.#answer(signal);
  }

  /** Takes back the visitor's last words and what was answered. */
  async takeBack(): Promise<void> {
    const { turns } = this.conversation;
    const from = turns.findLastIndex(({ speaker }) => speaker === VISITOR);
    await this.conversation.undo(turns.length - Math.max(0, from));
    this.last = undefined;
  }

  async *#answer(
    signal: AbortSignal | undefined,
    drawn: AnswerOptions = {},
  ): AsyncGenerator<ReplyEvent> {
    const seed = drawn.seed ?? this.#seed;
    this.#seed = (seed + 1) % 2 ** 32;
    let said = '';
    let isWhole = false;
    try {
      const events = this.actor.reply(turnsUntil(this.conversation.turns, this.actor.at), {
        seed,
        sampling: { ...this.#sampling, ...drawn.sampling },
        maxTokens: drawn.maxTokens ?? this.#maxTokens,
        signal,
      });
      for await (const event of events) {
        if (event.kind === 'text') said += event.text;
        if (event.kind === 'done') {
          isWhole = true;
          this.last = event;
          await this.#record(event.reply, event.seed, event.stop, event);
        }
        yield event;
      }
    } finally {
      if (!isWhole && said !== '') await this.#record(said, seed, 'cut');
      if (!isWhole && said === '') await this.conversation.undo(1);
    }
  }

  async #record(
    text: string,
    seed: number,
    stop: Reply['stop'] | 'cut',
    { costs = [], reflection }: Partial<Reply> = {},
  ): Promise<void> {
    if (text === '') return;
    const { adapters, steering, character } = this.actor;
    await this.conversation.say({
      speaker: character.name,
      text,
      seed,
      stop,
      adapters,
      at: this.#at,
      ...(steering.on && { levers: steering.on }),
      ...(costs.length > 0 && { costs }),
      ...(reflection && { reflection }),
    });
  }

  get #at(): string | undefined {
    return this.actor.at && formatPlace(this.actor.at);
  }
}
