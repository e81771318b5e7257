import type { Session } from '../engine/session/session.ts';
import { parseLeverNames } from '../steer/lever-names.ts';
import { openActor } from './open-actor.ts';
import type { OpenedActor } from './opened-actor.ts';
import type { SharedEngine } from './shared-engine.ts';
import type { SlotLease } from './slots.ts';
import type { SpeakerName } from './speaker-names.ts';
import type { Workspace } from './workspace.ts';

/** Who is to speak. */
export interface SpeakerRequest {
  /** Undefined for the model alone. */
  readonly name: SpeakerName | undefined;
  /** Levers in words, such as "+verse,-ban". */
  readonly steer?: string | undefined;
  /** Whether what they witnessed is recalled. Default: true. */
  readonly memory?: boolean | undefined;
  /** Answers that are drawn together. */
  readonly answers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Somebody who speaks for one request at a time; disposing of it lets the next one have them. */
export interface SpeakerLease extends Disposable {
  readonly session: Session;
  /** Undefined for the model alone. */
  readonly actor: OpenedActor | undefined;
}

interface Kept {
  readonly key: string;
  readonly session: Session;
  readonly actor: OpenedActor | undefined;
  readonly slot: SlotLease;
  offer: Disposable | undefined;
}

/** Speakers that are kept for the next request, at most: what they have read slows every step a little. */
const mostIdle = 4;

/**
 * Characters, and the bare model, as requests ask for them: each on a session of the shared engine, which is kept for a while
 * with what it has read, so that the next words of a talk need not read all of it again.
 */
export class Speakers implements Disposable {
  readonly #workspace: Workspace;
  readonly #engine: SharedEngine;
  /** Those whom nobody uses, the one that was used last at the end. */
  readonly #idle: Kept[] = [];

  constructor(workspace: Workspace, engine: SharedEngine) {
    this.#workspace = workspace;
    this.#engine = engine;
  }

  /** @throws {DramatisError} What `Slots.take` and opening an actor throw; `signal.reason`. */
  async lease(request: SpeakerRequest): Promise<SpeakerLease> {
    const { name, steer = '', memory = true, answers = 1, signal } = request;
    const who = name && [name.play.sha256, name.character, name.at, name.adapter];
    const key = JSON.stringify([who ?? null, steer, memory]);
    const known = answers === 1 ? this.#take(key) : undefined;
    if (known) return this.#leased(known, undefined);
    // The slots of all answers are taken at once, so that nobody holds some of them and waits for others.
    const slots = await this.#engine.slots.take(answers, signal);
    try {
      const kept = this.#take(key) ?? (await this.#open(key, request, slots.split(1)));
      return this.#leased(kept, slots);
    } catch (error) {
      slots[Symbol.dispose]();
      throw error;
    }
  }

  #leased(kept: Kept, forks: SlotLease | undefined): SpeakerLease {
    return {
      session: kept.session,
      actor: kept.actor,
      [Symbol.dispose]: () => {
        forks?.[Symbol.dispose]();
        this.#keep(kept);
      },
    };
  }

  #take(key: string): Kept | undefined {
    const at = this.#idle.findLastIndex((one) => one.key === key);
    if (at < 0) return undefined;
    const [kept] = this.#idle.splice(at, 1);
    kept!.offer?.[Symbol.dispose]();
    return kept;
  }

  #keep(kept: Kept): void {
    this.#idle.push(kept);
    kept.offer = kept.slot.offer(() => this.#close(kept));
    while (this.#idle.length > mostIdle) this.#close(this.#idle[0]!);
  }

  #close(kept: Kept): void {
    const at = this.#idle.indexOf(kept);
    if (at >= 0) this.#idle.splice(at, 1);
    kept.offer?.[Symbol.dispose]();
    if (kept.actor) kept.actor[Symbol.dispose]();
    else kept.session[Symbol.dispose]();
    kept.slot[Symbol.dispose]();
  }

  async #open(key: string, request: SpeakerRequest, slot: SlotLease): Promise<Kept> {
    const { name } = request;
    try {
      if (!name) {
        const session = await this.#engine.cache.session();
        return { key, session, actor: undefined, slot, offer: undefined };
      }
      const actor = await this.#actor(name, request);
      return { key, session: actor.actor.voice.session, actor, slot, offer: undefined };
    } catch (error) {
      slot[Symbol.dispose]();
      throw error;
    }
  }

  async #actor(
    { play, character, at, adapter }: SpeakerName,
    { steer, memory = true, signal }: SpeakerRequest,
  ): Promise<OpenedActor> {
    const { model, cache } = this.#engine;
    return openActor(this.#workspace, character, {
      ...{ play, at, adapter, cache, model: model.name, signal },
      memory: memory && (await this.#engine.memory(play)),
      ...(steer && { steer: parseLeverNames(steer) }),
    });
  }

  /** Frees those whom nobody uses. */
  [Symbol.dispose](): void {
    for (const kept of [...this.#idle]) this.#close(kept);
  }
}
