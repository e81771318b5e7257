import type { GuardedPlay } from './guarded-play.ts';

/** Words that somebody in a scene has said or is about to say. */
export interface SaidTurn {
  /** Cast name. */
  readonly who: string;
  readonly text: string;
}

/** What a draft is judged against. */
export interface GuardContext {
  readonly play: GuardedPlay;
  /** Turns that the speaker has heard, own turns among them, the latest last. */
  readonly heard: readonly SaidTurn[];
  /** What the prompt shows beside the turns, such as who the speaker is: it is not to be said again as it stands. */
  readonly shown?: readonly string[] | undefined;
}

/** What a guard has against a draft. */
export interface GuardFinding {
  /** For the log and a reader: “recites 9 words of 3.1.56: “to be or not to be that is the””. */
  readonly detail: string;
  /** The draft may be said up to this index of its text; missing if none of it may. */
  readonly cutAt?: number | undefined;
}

/** One rule of what may not be said. It knows no model and no clock: what it says of a draft is the same on every machine. */
export interface Guard {
  readonly name: string;
  /** Undefined if nothing stands against the draft. */
  judge(draft: SaidTurn, context: GuardContext): GuardFinding | undefined;
}
