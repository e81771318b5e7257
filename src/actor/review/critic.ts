import type { Spoken } from '../speak.ts';

/** A reply that may be spoken, or not. */
export interface Draft extends Spoken {
  readonly seed: number;
  /** Mean of −log p over its tokens, of the model as it is, unsteered; NaN if it was not asked for. */
  readonly natsPerToken: number;
}

/** What a critic has against a draft. */
export interface Objection {
  readonly critic: string;
  /** For a reader: "knows of OPHELIA, whom nobody has named to HAMLET before 1.2". */
  readonly reason: string;
  /** For the prompt of the next round, as an order: "Do not speak of Ophelia." */
  readonly note: string;
}

/** Looks at a draft with nothing but what is at hand: no network, no model that judges. */
export interface Critic {
  readonly name: string;
  /** Undefined if nothing stands against it. */
  object(draft: Pick<Draft, 'text' | 'natsPerToken'>): Objection | undefined;
}
