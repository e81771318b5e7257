import type { Stop } from '../engine/session/reply-text.ts';
import type { Turn } from '../prompt/prompt.ts';
import type { LeverCost } from '../steer/steering.ts';
import type { AdapterName } from './adapter-source.ts';
import type { ReflectionRecord } from './review/reflect.ts';

/** What a conversation is with, and with what: its first record. */
export interface ConversationStart {
  /** Catalogue id of the play, or its file's name. */
  readonly play: string;
  /** sha256 of the play's text. */
  readonly playHash: string;
  /** Cast name. */
  readonly character: string;
  /** Name or path that was given with --model. */
  readonly model: string;
  /** What was given with --adapter; by default what is promoted: each answer says what it was spoken with. */
  readonly adapter?: string | undefined;
  readonly form: string;
  /** Path of the card that says who the character is, where it is the user's own. */
  readonly card?: string | undefined;
  readonly at?: string | undefined;
  /** Names of the levers that were on at the start. */
  readonly steer: boolean | readonly string[];
  /** Name of the prompt template, unless it was the default. */
  readonly prompt?: string | undefined;
  readonly seed: number;
  /** Id of the conversation that it goes on with in a file of its own. */
  readonly forkOf?: string | undefined;
  /** Version of Dramatis. */
  readonly version: string;
}

/** What somebody said, with how a character's words came about. */
export interface SpokenTurn extends Turn {
  readonly seed?: number;
  /** Why it ended; 'cut' if the visitor stopped it. */
  readonly stop?: Stop | 'cut';
  /** The adapters it was spoken with; none: the model alone. */
  readonly adapters?: readonly AdapterName[];
  /** The point in the story it was said at. */
  readonly at?: string | undefined;
  /** The levers that bent it, with what each cost. */
  readonly levers?: readonly string[];
  readonly costs?: readonly LeverCost[];
  /** What was not said in its place, and why. */
  readonly reflection?: ReflectionRecord | undefined;
  /** Whether the visitor wrote these words in place of others. */
  readonly isEdited?: true;
}

/** A turn under the id by which later records name it. */
export interface KeptTurn extends SpokenTurn {
  readonly id: string;
}

/** What a turn of format 1 has under another name: its speaker is "visitor" or "character", its adapters are `worn`. */
interface Format1Turn {
  readonly worn?: readonly AdapterName[];
}

/** A turn as it stands in the file; before format 3 it has no id. */
export interface TurnRecord extends SpokenTurn, Format1Turn {
  readonly kind: 'turn';
  readonly id?: string;
  /** Id of the words that it answers: it stands after them, whatever another process appended in between. */
  readonly answers?: string;
}

/**
 * A record of a conversation's journal. Nothing is ever taken out of the file: a record says what no longer counts.
 *
 * Formats 1 and 2 have only `start`, `turn` and `undo`. Since format 3 every turn has an id, and what is changed is named by
 * ids, so that a process never changes what another one appended meanwhile.
 */
export type ConversationRecord = { readonly time: string } & (
  | ({ readonly kind: 'start'; readonly format: 1 | 2 | 3 } & ConversationStart)
  | TurnRecord
  /** The last `turns` turns no longer count; written by formats 1 and 2. */
  | { readonly kind: 'undo'; readonly turns: number }
  /** These turns no longer count. */
  | { readonly kind: 'removal'; readonly turns: readonly string[] }
  /** Another turn that could stand in the place of the one named; it does if it is chosen. */
  | {
      readonly kind: 'alternative';
      readonly to: string;
      readonly isChosen: boolean;
      readonly turn: KeptTurn;
    }
  /** This turn counts, of the alternatives in its place. */
  | { readonly kind: 'choice'; readonly turn: string }
  /** `turns` count in the place of those removed. */
  | {
      readonly kind: 'edit';
      readonly removed: readonly string[];
      readonly turns: readonly KeptTurn[];
    }
  /** What the visitor calls the conversation; empty for no name. */
  | { readonly kind: 'name'; readonly name: string }
);
