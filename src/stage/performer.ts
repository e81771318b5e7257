import type { Actor } from '../actor/actor.ts';

/** One of the cast whom the model speaks. */
export interface Performer {
  /** Has its own session, in a cache that all performers of the scene share. Stays the opener's to dispose of. */
  readonly actor: Actor;
  /** How much likelier words are from this character than from the others of the play, in nats a word; undefined if they tell nothing. */
  readonly voiceOf?: ((text: string) => number | undefined) | undefined;
}
