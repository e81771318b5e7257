import type { Sampling } from '../engine/sampling.ts';
import { DramatisError } from '../errors.ts';
import { formatPlace } from '../play/place.ts';
import { VISITOR } from '../prompt/prompt.ts';
import type { Actor } from './actor.ts';
import type { Conversation } from './conversation.ts';
import { chosenOf, type Line } from './conversation-lines.ts';
import type { SpokenTurn } from './conversation-record.ts';
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

/** What is to be answered, and what becomes of the answer. */
interface Asked extends AnswerOptions {
  readonly turns: readonly SpokenTurn[];
  /** Keeps an answer that has words. @returns Its id. */
  readonly keep: (answer: SpokenTurn) => Promise<string>;
  readonly signal: AbortSignal | undefined;
}

/** Characters in a token, at most, of a text that is read at all: longer ones never fit, and need not be tokenised to know it. */
const longestToken = 64;

/**
 * An actor and a visitor talking: every turn is in the conversation's journal before it is done, and what an answer takes
 * the place of counts until that answer is there.
 */
export class Dialogue implements AsyncDisposable {
  readonly actor: Actor;
  readonly conversation: Conversation;
  readonly #sampling: Partial<Sampling> | undefined;
  readonly #maxTokens: number | undefined;
  /** The whole answers of this run, by the ids of their turns. */
  readonly #replies = new Map<string, Reply>();
  #seed: number;

  constructor({ actor, conversation, seed, sampling, maxTokens }: DialogueOptions) {
    this.actor = actor;
    this.conversation = conversation;
    this.#seed = seed;
    this.#sampling = sampling;
    this.#maxTokens = maxTokens;
  }

  /** Lets another process go on with the conversation. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.conversation.release();
  }

  /** The last whole answer of this run that counts. */
  get last(): Reply | undefined {
    const line = this.conversation.lines.findLast((one) => this.#replies.has(chosenOf(one).id));
    return line && this.#replies.get(chosenOf(line).id);
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
    this.#requireRoom(text);
    const asked = await this.conversation.say({ speaker: VISITOR, text, at: this.#at });
    const { turns } = this.conversation;
    const keep = (answer: SpokenTurn) => this.conversation.say(answer, asked);
    let isAnswered = false;
    try {
      for await (const event of this.#answer({ ...drawn, turns, keep, signal })) {
        if (event.kind === 'done' || (event.kind === 'text' && event.text !== ''))
          isAnswered = true;
        yield event;
      }
    } finally {
      if (!isAnswered) await this.conversation.remove([asked]);
    }
  }

  /**
   * Another answer to the visitor's last words. It counts in place of the one there is once it is whole; both are kept, and
   * so is what was said of one that is stopped.
   */
  async *again(signal?: AbortSignal): AsyncGenerator<ReplyEvent> {
    const { turns } = this.conversation;
    const last = this.conversation.lines.at(-1);
    if (!last) return;
    const { id, speaker } = chosenOf(last);
    if (speaker !== this.actor.character.name) {
      const keep = (answer: SpokenTurn) => this.conversation.say(answer, id);
      yield* this.#answer({ turns, keep, signal });
    } else if (turns.length > 1) {
      const keep = (answer: SpokenTurn) =>
        this.conversation.offer(id, answer, answer.stop !== 'cut');
      yield* this.#answer({ turns: turns.slice(0, -1), keep, signal });
    }
  }

  /**
   * Puts other words in the place of a line. The visitor's are answered anew, and what followed them counts no longer once
   * the answer is there; the character's stand beside the old ones, and nothing else changes.
   *
   * @param at Index of the line.
   * @throws {RangeError} If there is no such line.
   */
  async *edit(at: number, text: string, signal?: AbortSignal): AsyncGenerator<ReplyEvent> {
    const { lines, turns } = this.conversation;
    const line = lines[at];
    if (!line) throw new RangeError(`line ${at} was given; there are ${lines.length}`);
    this.#requireRoom(text);
    const { id, speaker, at: place } = chosenOf(line);
    const edited: SpokenTurn = { speaker, text, at: place, isEdited: true };
    if (speaker !== VISITOR) {
      await this.conversation.offer(id, edited, true);
      return;
    }
    const removed = lines.slice(at).map((one) => chosenOf(one).id);
    const keep = async (answer: SpokenTurn): Promise<string> => {
      const ids = await this.conversation.replace(removed, [edited, answer]);
      return ids[1]!;
    };
    yield* this.#answer({ turns: [...turns.slice(0, at), edited], keep, signal });
  }

  /** The answers that there are to the visitor's last words; undefined while there is none. */
  get alternatives(): Line | undefined {
    const line = this.conversation.lines.at(-1);
    return line && chosenOf(line).speaker !== VISITOR ? line : undefined;
  }

  /** Takes back the visitor's last words and what was answered. */
  async takeBack(): Promise<void> {
    const { turns } = this.conversation;
    const from = turns.findLastIndex(({ speaker }) => speaker === VISITOR);
    await this.conversation.undo(turns.length - Math.max(0, from));
  }

  async *#answer({ turns, keep, signal, ...drawn }: Asked): AsyncGenerator<ReplyEvent> {
    const seed = drawn.seed ?? this.#seed;
    this.#seed = (seed + 1) % 2 ** 32;
    let said = '';
    let isWhole = false;
    try {
      const events = this.actor.reply(turnsUntil(turns, this.actor.at), {
        seed,
        sampling: { ...this.#sampling, ...drawn.sampling },
        maxTokens: drawn.maxTokens ?? this.#maxTokens,
        signal,
      });
      for await (const event of events) {
        if (event.kind === 'text') said += event.text;
        if (event.kind === 'done') {
          isWhole = true;
          const turn = this.#turn(event.reply, event.seed, event.stop, event);
          if (turn.text !== '') this.#replies.set(await keep(turn), event);
        }
        yield event;
      }
    } finally {
      if (!isWhole && said !== '') await keep(this.#turn(said, seed, 'cut'));
    }
  }

  #turn(
    text: string,
    seed: number,
    stop: Reply['stop'] | 'cut',
    { costs = [], reflection }: Partial<Reply> = {},
  ): SpokenTurn {
    const { adapters, steering, character } = this.actor;
    return {
      speaker: character.name,
      text,
      seed,
      stop,
      adapters,
      at: this.#at,
      ...(steering.on && { levers: steering.on }),
      ...(costs.length > 0 && { costs }),
      ...(reflection && { reflection }),
    };
  }

  /** @throws {DramatisError} WINDOW_EXCEEDED for a text of which nothing need be read to know that it is too long. */
  #requireRoom(text: string): void {
    const most = this.actor.window * longestToken;
    if (text.length <= most) return;
    throw new DramatisError(
      'WINDOW_EXCEEDED',
      `a text of ${text.length} characters was given; the window of ${this.actor.window} tokens holds fewer than ${most}`,
    );
  }

  get #at(): string | undefined {
    return this.actor.at && formatPlace(this.actor.at);
  }
}
