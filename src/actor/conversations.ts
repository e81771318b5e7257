import type { SteeringLevers } from '../steer/steering-levers.ts';
import type { Dialogue } from './dialogue.ts';

/** A dialogue, and whoever is talked with. */
export interface OpenConversation {
  readonly dialogue: Dialogue;
  readonly opened: Disposable & { readonly levers: SteeringLevers };
}

/** Opens a dialogue with somebody, by a name as it was typed. */
export type OpenTalk = (name: string, signal: AbortSignal) => Promise<OpenConversation>;

/**
 * Characters that are talked with in one run, each with a conversation and a timeline of their own: going back to somebody
 * takes no longer than going on with them.
 */
export class Conversations implements AsyncDisposable {
  #now: OpenConversation;
  readonly #open: OpenTalk;
  readonly #known: OpenConversation[];

  constructor(first: OpenConversation, open: OpenTalk) {
    this.#now = first;
    this.#open = open;
    this.#known = [first];
  }

  /** The dialogue with whoever is talked with now. */
  get dialogue(): Dialogue {
    return this.#now.dialogue;
  }

  /** Levers of whoever is talked with now. */
  get levers(): SteeringLevers {
    return this.#now.opened.levers;
  }

  /**
   * Turns to whoever is named.
   *
   * @throws What `OpenTalk` throws; the one before is talked with then.
   */
  async turnTo(name: string, signal: AbortSignal): Promise<void> {
    const known = this.#find(name.trim());
    if (known) {
      this.#now = known;
      return;
    }
    const opened = await this.#open(name, signal);
    const { actor } = opened.dialogue;
    // Another way to write a name that is known.
    const same = this.#find(actor.character.name);
    if (same) {
      opened.opened[Symbol.dispose]();
      await opened.dialogue[Symbol.asyncDispose]();
    } else this.#known.push(opened);
    this.#now = same ?? opened;
  }

  #find(name: string): OpenConversation | undefined {
    return this.#known.find(
      ({ dialogue }) => dialogue.actor.character.name.toLowerCase() === name.toLowerCase(),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { dialogue, opened } of this.#known) {
      opened[Symbol.dispose]();
      await dialogue[Symbol.asyncDispose]();
    }
  }
}
