import type { Dialogue } from '../actor/dialogue.ts';

/** Opens a dialogue with somebody, by a name as it was typed. */
export type OpenDialogue = (name: string, signal: AbortSignal) => Promise<Dialogue>;

/**
 * Those who are talked with in one run, each with a conversation and a timeline of their own: going back to somebody
 * takes no longer than going on with them.
 */
export class Company implements Disposable {
  /** Who is talked with now. */
  dialogue: Dialogue;
  readonly #open: OpenDialogue;
  readonly #known: Dialogue[];

  constructor(first: Dialogue, open: OpenDialogue) {
    this.dialogue = first;
    this.#open = open;
    this.#known = [first];
  }

  /**
   * Whoever is named is talked with from now on.
   *
   * @throws What `OpenDialogue` throws; the one before is talked with then.
   */
  async turnTo(name: string, signal: AbortSignal): Promise<void> {
    const called = (one: Dialogue): boolean =>
      one.actor.character.name.toLowerCase() === name.trim().toLowerCase();
    const known = this.#known.find(called);
    if (known) {
      this.dialogue = known;
      return;
    }
    const opened = await this.#open(name, signal);
    // Another way to write a name that is known.
    const same = this.#known.find(
      ({ actor }) => actor.character.name === opened.actor.character.name,
    );
    if (same) opened.actor[Symbol.dispose]();
    else this.#known.push(opened);
    this.dialogue = same ?? opened;
  }

  [Symbol.dispose](): void {
    for (const { actor } of this.#known) actor[Symbol.dispose]();
  }
}
