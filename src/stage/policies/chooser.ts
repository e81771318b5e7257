import type { EndReason, NextEvent, Policy } from '../events.ts';

/** A turn as a director sees it. */
export interface SaidTurn {
  /** Cast name. */
  readonly who: string;
  readonly text: string;
  /** Whom it was meant for, if that was told. */
  readonly to?: string | undefined;
}

/** Everything that a choice of the next speaker depends on: the same context gives the same choice on every machine. */
export interface DirectorContext {
  /** Turns of the scene so far, those it was opened with among them. */
  readonly turns: readonly SaidTurn[];
  /** Cast names, in any order. */
  readonly onStage: readonly string[];
  /** How many turns had been spoken when each came on; missing for those who were there before the first. */
  readonly entered: ReadonlyMap<string, number>;
  /** Logits to add to somebody's score, as a person or a detector wants it. */
  readonly nudges: ReadonlyMap<string, number>;
  /** Those on stage who do not speak now: they let this turn pass, or a detector lets them rest. */
  readonly resting?: readonly string[] | undefined;
  /** The policy that was set in mid-scene; missing where it is still the one that the director was made with. */
  readonly policy?: Policy | undefined;
  /** Whom a person wants to speak next, whatever the policy. */
  readonly named?: string | undefined;
  /** Seed of the scene. */
  readonly seed: number;
  /** Which turn this is: another number draws another speaker. */
  readonly turn: number;
}

/** The scene ends here. */
export interface Stop {
  readonly kind: 'end';
  readonly reason: EndReason;
  readonly detail?: string | undefined;
}

/** A person has to name the next speaker, in `DirectorContext.named`. */
export interface Wait {
  readonly kind: 'wait';
}

export type Choice = NextEvent | Stop | Wait;

/** One policy. */
export type Chooser = (context: DirectorContext, signal?: AbortSignal) => Promise<Choice>;

/** How likely a policy makes each candidate, with what it made that from. */
export interface Odds {
  readonly features?: readonly (readonly number[])[] | undefined;
  /** Logits, nudges added. */
  readonly scores?: readonly number[] | undefined;
  readonly probabilities: readonly number[];
}

/**
 * By how many nats the page of the turns so far makes each label likelier than an empty page does, as a language model
 * has it: one number for each candidate.
 */
export type LabelScorer = (
  context: DirectorContext,
  candidates: readonly string[],
  signal?: AbortSignal,
) => Promise<readonly number[]>;
