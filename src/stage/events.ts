import type { Stop } from '../engine/session/reply-text.ts';
import type { LeverCost } from '../steer/steering.ts';

/** Who or what made an event happen. */
export type Cause = 'play' | 'director' | 'human' | 'detector' | 'situation';

/** Who speaks a part: the model, a person, or lines that are there already. */
export type PlayedBy = 'model' | 'human' | 'script';

/** One of the cast of a scene, as it was opened. */
export interface Part {
  /** Cast name, such as "LADY MACBETH". */
  readonly name: string;
  readonly playedBy: PlayedBy;
  /** Names of the adapters it speaks with; none: the model alone. */
  readonly adapters?: readonly string[] | undefined;
}

/** How the next speaker may be chosen; the first is the default. */
export const policies = [
  'turn-model',
  'model',
  'round-robin',
  'aba',
  'random',
  'script',
  'human',
  'silence',
] as const;
export type Policy = (typeof policies)[number];

/** Why a scene ended. */
export type EndReason =
  | 'turns'
  | 'words'
  | 'tokens'
  | 'time'
  | 'alone'
  | 'farewell'
  | 'loop'
  | 'stalled'
  | 'script'
  | 'silence'
  | 'human'
  | 'memory'
  | 'error';

/** Limits at which a scene ends; the first that is reached is told. */
export interface Limits {
  readonly turns?: number | undefined;
  readonly words?: number | undefined;
  readonly tokens?: number | undefined;
  /** In seconds. */
  readonly time?: number | undefined;
}

/** What a scene is opened with: its first event. Replay and forks need nothing else. */
export interface OpenEvent {
  readonly kind: 'open';
  readonly format: 'dramatis.stage';
  readonly version: 1;
  readonly id: string;
  /** The scene it was forked from: everything up to event `n` is copied. */
  readonly parent?: { readonly id: string; readonly n: number; readonly hash: string } | undefined;
  /** Version of Dramatis. */
  readonly program: string;
  /** Whether a conversation of "dramatis chat" is read as a scene: no stage goes on with it. */
  readonly isTalk?: true | undefined;
  readonly play: { readonly id: string; readonly title: string; readonly hash: string };
  /** The place in the play at which the scene stands: nobody knows what comes after it. */
  readonly at?: string | undefined;
  /** What is going on, in words, where it is not the play's own. */
  readonly situation?: string | undefined;
  /** The place as printed, such as "A room in the castle". */
  readonly heading?: string | undefined;
  readonly seed: number;
  readonly model: { readonly name: string; readonly hash: string };
  /** What must be equal for the same tokens to be drawn again: build, processor kind, threads, window. */
  readonly engine: Readonly<Record<string, string | number>>;
  readonly form: string;
  readonly template: string;
  readonly cast: readonly Part[];
  /** What they witnessed in the play is not recalled at all, or as speeches alone; missing where it is, digests too. */
  readonly memory?: false | 'speeches' | undefined;
  /** What those of the cast say who are played by a script, in order. */
  readonly script?: readonly { readonly who: string; readonly text: string }[] | undefined;
  /** Names of the levers. */
  readonly steer: readonly string[];
  readonly director: {
    readonly policy: Policy;
    /** sha256 of the turn model. */
    readonly turnModel?: string | undefined;
    readonly isAddressing: boolean;
  };
  /** Who comes on when the scene has begun: after so many turns that are not the play's own. */
  readonly entrances?:
    | readonly { readonly who: readonly string[]; readonly after: number; readonly text: string }[]
    | undefined;
  /** What happens next in the play, in directions, for a scene that goes in circles. */
  readonly directions?: readonly string[] | undefined;
  /** Tokens of a turn that the model speaks, at most. */
  readonly maxTokens?: number | undefined;
  /** How many drafts are drawn for each turn that the model speaks, of which the best is said; missing for one. */
  readonly drafts?: number | undefined;
  /** Turns of others, the latest, that repetition penalties see beside the speaker's own; missing for two. */
  readonly othersHeld?: number | undefined;
  /** Limits of the detectors, as they were read off the plays. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly limits: Limits;
}

/** Somebody comes on or goes off. */
export interface MoveEvent {
  readonly kind: 'enter' | 'exit';
  /** Cast names. */
  readonly who: readonly string[];
  readonly by: Cause;
  /** The direction as printed, without brackets: "Exit Polonius, behind the arras"; made from the names if there is none. */
  readonly text?: string | undefined;
}

/** A direction: all who are on stage see it. */
export interface NoteEvent {
  readonly kind: 'note';
  readonly text: string;
  readonly by: Cause;
  readonly heard: readonly string[];
}

/** A word to one actor alone. */
export interface TellEvent {
  readonly kind: 'tell';
  readonly to: string;
  readonly text: string;
  readonly by: Cause;
}

/** A choice of the next speaker, with all that it was made from. */
export interface NextEvent {
  readonly kind: 'next';
  /** Cast names, sorted. */
  readonly candidates: readonly string[];
  /** A row of the turn model's features for each candidate; missing where the policy has none. */
  readonly features?: readonly (readonly number[])[] | undefined;
  readonly scores?: readonly number[] | undefined;
  /** One for each candidate; they add up to 1. */
  readonly probabilities: readonly number[];
  /** Uniform in [0, 1): what was drawn. Missing where nothing was drawn. */
  readonly drawn?: number | undefined;
  readonly chosen: string;
  /** Whom the turn is meant for; missing for everybody. */
  readonly to?: string | undefined;
  readonly by: Policy | 'human' | 'detector';
}

/** What the speaker had before its eyes. */
export interface ViewEvent {
  readonly kind: 'view';
  readonly who: string;
  /** sha256 of the prompt's tokens as 32-bit little-endian integers. */
  readonly hash: string;
  /** Tokens of the prompt, and how many of them were there already. */
  readonly tokens: number;
  readonly reused: number;
  /** Oldest turns that no longer fitted. */
  readonly dropped: number;
  /** Numbers of the events that it shows. */
  readonly heard: readonly number[];
  readonly recalled: readonly {
    readonly place?: string | undefined;
    readonly speaker?: string | undefined;
    readonly text: string;
  }[];
}

/** A draft that was not said. It is in no prompt afterwards. */
export interface StruckEvent {
  readonly kind: 'struck';
  readonly who: string;
  readonly text: string;
  readonly tokens: readonly number[];
  readonly seed: number;
  /** Name of the guard or detector that struck it. */
  readonly guard: string;
  readonly detail: string;
}

/** What somebody said. */
export interface TurnEvent {
  readonly kind: 'turn';
  readonly who: string;
  readonly playedBy: PlayedBy | 'play';
  readonly to?: string | undefined;
  /** Cast names of all who heard it, the speaker among them; an aside is heard by the speaker alone. */
  readonly heard: readonly string[];
  readonly isAside?: true | undefined;
  readonly text: string;
  /** Missing for words that no model drew. */
  readonly tokens?: readonly number[] | undefined;
  readonly seed?: number | undefined;
  readonly stop?: Stop | 'cut' | undefined;
  /** Where it stands in the play, if it is the play's own. */
  readonly place?: string | undefined;
  readonly adapters?: readonly string[] | undefined;
  readonly costs?: readonly LeverCost[] | undefined;
  /** Milliseconds from the choice of the speaker to the first token, and of all tokens. */
  readonly ms?: { readonly first: number; readonly all: number } | undefined;
  readonly drafts?: number | undefined;
}

/** What a detector wants done. */
export type AlarmAction =
  /** Sentences leave all views. */
  | { readonly do: 'forget'; readonly sentences: readonly string[] }
  /** A direction that all on stage see, without brackets. */
  | { readonly do: 'note'; readonly text: string }
  /** Somebody does not speak for so many turns. */
  | { readonly do: 'rest'; readonly who: string; readonly turns: number }
  /** Somebody is likelier to speak next, until they do. */
  | { readonly do: 'nudge'; readonly who: string; readonly logits: number }
  /** Everybody draws their words at another temperature for so many turns. */
  | { readonly do: 'temperature'; readonly by: number; readonly turns: number }
  /** Somebody speaks the best of so many drafts from now on. */
  | { readonly do: 'drafts'; readonly who: string; readonly count: number }
  | { readonly do: 'exit'; readonly who: string }
  | { readonly do: 'pause'; readonly detail: string }
  | { readonly do: 'end'; readonly reason: EndReason }
  /** Nothing but the alarm itself. */
  | { readonly do: 'report' };

/** A detector's value went past its limit. */
export interface AlarmEvent {
  readonly kind: 'alarm';
  readonly detector: string;
  readonly who?: string | undefined;
  readonly value: number;
  readonly limit: number;
  /** What is done about it, in words: "sentences leave all views", "temperature +0.15", "end". */
  readonly action: string;
  /** What is done about it, for the loop; missing in alarms that no detector of this version raised. */
  readonly does?: AlarmAction | undefined;
  readonly detail?: string | undefined;
  /** Sentences that leave all views. */
  readonly forgotten?: readonly string[] | undefined;
}

/** A setting changed in mid-scene. */
export interface LeverEvent {
  readonly kind: 'lever';
  readonly name: string;
  readonly from: string | number | boolean;
  readonly to: string | number | boolean;
  readonly by: Cause;
}

/** The scene waits for a person to speak. */
export interface AskEvent {
  readonly kind: 'ask';
  readonly who: string;
}

export interface PauseEvent {
  readonly kind: 'pause' | 'resume';
  readonly by: Cause;
  readonly detail?: string | undefined;
}

/** Other words in the place of those of turn `of`. */
export interface EditEvent {
  readonly kind: 'edit';
  /** Number of a turn. */
  readonly of: number;
  readonly text: string;
}

/** Everything after event `to` counts no longer. */
export interface UndoEvent {
  readonly kind: 'undo';
  readonly to: number;
}

export interface ErrorEvent {
  readonly kind: 'error';
  readonly code: string;
  readonly message: string;
}

export interface EndEvent {
  readonly kind: 'end';
  readonly reason: EndReason;
  readonly detail?: string | undefined;
  readonly figures: Readonly<Record<string, number>>;
}

/** What happens in a scene. */
export type StageEvent =
  | OpenEvent
  | MoveEvent
  | NoteEvent
  | TellEvent
  | NextEvent
  | ViewEvent
  | StruckEvent
  | TurnEvent
  | AlarmEvent
  | LeverEvent
  | AskEvent
  | PauseEvent
  | EditEvent
  | UndoEvent
  | ErrorEvent
  | EndEvent;

/** An event as it stands in the journal: `n` counts from 1 without a gap; `time` is ISO 8601. */
export type Recorded<E extends StageEvent = StageEvent> = E & {
  readonly n: number;
  readonly time: string;
};
