import type { Actor } from '../actor/actor.ts';
import { Conversation } from '../actor/conversation.ts';
import { Dialogue } from '../actor/dialogue.ts';
import type { Reply } from '../actor/reply.ts';
import type { Model } from '../engine/model.ts';
import { freshSeed, type Sampling } from '../engine/sampling.ts';
import type { OpenedPlay } from '../hub/plays.ts';
import type { SteeringLevers } from '../steer/steering-levers.ts';
import type { OpenedMemory } from './open-memory.ts';
import type { OpenedModel } from './open-model.ts';

/** How one reply is drawn. */
export interface SayOptions {
  /** Seed of the draw, which the same reply follows from; one more than the last reply's unless given, at first a random one. */
  readonly seed?: number | undefined;
  /** What differs from the actor's own way to draw. */
  readonly sampling?: Partial<Sampling> | undefined;
  /** Longest reply, in tokens. */
  readonly maxTokens?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The parts that an actor was opened with. */
export interface ActorParts {
  readonly actor: Actor;
  readonly levers: SteeringLevers;
  readonly play: OpenedPlay;
  readonly model: OpenedModel;
  readonly memory: OpenedMemory | undefined;
  /** When each part stood, in milliseconds since the process started. */
  readonly readyMs: Readonly<Record<'play' | 'model' | 'memory' | 'actor', number>>;
}

/** A character that talks: it keeps the turns of one conversation, and frees what it was opened with when it is disposed of. */
export class OpenedActor implements Disposable {
  readonly actor: Actor;
  readonly levers: SteeringLevers;
  readonly play: OpenedPlay;
  /** What is recalled from: another actor of the play may be opened with it. */
  readonly memory: OpenedMemory | undefined;
  /** What the model was asked for by: see `ResolvedModel`. */
  readonly modelName: string;
  readonly readyMs: ActorParts['readyMs'];
  readonly #parts: ActorParts;
  #dialogue: Dialogue | undefined;

  constructor(parts: ActorParts) {
    this.#parts = parts;
    this.actor = parts.actor;
    this.levers = parts.levers;
    this.play = parts.play;
    this.memory = parts.memory;
    this.modelName = parts.model.name;
    this.readyMs = parts.readyMs;
  }

  /** Weights that the actor speaks with, shared with other actors of the workspace. */
  get model(): Model {
    return this.#parts.model.model;
  }

  /**
   * The character's answer, in pieces of text. Leaving the loop or aborting the signal stops it within one step; what was
   * said until then stays in the conversation.
   *
   * @returns How the reply came about: its tokens, times, seed, and what was recalled for it.
   * @throws {DramatisError} WINDOW_EXCEEDED if the words alone do not fit; `signal.reason` when aborted.
   */
  async *say(
    text: string,
    { signal, ...options }: SayOptions = {},
  ): AsyncGenerator<{ readonly text: string }, Reply> {
    this.#dialogue ??= new Dialogue({
      actor: this.actor,
      conversation: Conversation.unrecorded(),
      seed: options.seed ?? freshSeed(),
    });
    const dialogue = this.#dialogue;
    for await (const event of dialogue.say(text, signal, options)) {
      if (event.kind === 'text') yield { text: event.text };
      if (event.kind === 'done') return event;
    }
    throw new Error('a reply ended without its record');
  }

  /** Frees what only recalling needs, some tens of megabytes; after this the actor recalls nothing more. */
  endRecall(): void {
    this.#parts.memory?.[Symbol.dispose]();
  }

  /** Idempotent. The model is freed when nobody else of the workspace uses it. */
  [Symbol.dispose](): void {
    this.actor[Symbol.dispose]();
    this.endRecall();
    this.#parts.model[Symbol.dispose]();
  }
}
