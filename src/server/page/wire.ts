import type { Policy, Recorded } from '../../stage/events.ts';

/** How a kept scene stands. */
export type Standing = 'running' | 'waiting' | 'paused' | 'ended';

/** A scene in a list. */
export interface Summary {
  readonly id: string;
  readonly play: { readonly id: string; readonly title: string };
  /** Place in the play; missing for a scene of no place in it. */
  readonly at?: string | undefined;
  readonly heading?: string | undefined;
  /** Whether it is a conversation of "dramatis chat". */
  readonly isTalk?: true | undefined;
  /** Cast names. */
  readonly cast: readonly string[];
  readonly state: Standing;
  /** Why it ended. */
  readonly reason?: string | undefined;
  readonly turns: number;
  readonly words: number;
  readonly struck: number;
  readonly alarms: number;
  /** ISO 8601. */
  readonly begun: string;
  readonly last: string;
}

export interface SummaryPage {
  readonly conversations: readonly Summary[];
  /** What `before` is given for the next page; missing at the end. */
  readonly next?: string | undefined;
}

/** Events of a scene in their order, a page at a time. */
export interface EventPage {
  readonly events: readonly Recorded[];
  /** Number of the scene's last event. */
  readonly n: number;
  readonly running: boolean;
}

/** Words of a turn while it is spoken, from character `at` on; `turn` is the number that its event will have, or near it. */
export interface TokenNews {
  readonly turn: number;
  readonly at: number;
  readonly text: string;
  readonly who?: string | undefined;
}

/** All words so far of a turn that is spoken. */
export type DraftNews = Omit<TokenNews, 'at'>;

/** What `POST …/commands` takes. */
export type Command = { readonly if?: number | undefined } & (
  | { readonly do: 'start' | 'pause' | 'step' | 'end' | 'again' }
  | {
      readonly do: 'say';
      readonly by: string;
      readonly to?: string | undefined;
      readonly aside?: boolean | undefined;
      readonly text: string;
    }
  | { readonly do: 'note'; readonly text: string }
  | { readonly do: 'tell'; readonly to: string; readonly text: string }
  | { readonly do: 'enter' | 'exit'; readonly who: readonly string[] }
  | { readonly do: 'next'; readonly who: string }
  | { readonly do: 'edit'; readonly of: number; readonly text: string }
  | { readonly do: 'undo'; readonly to: number }
);

/** What `POST /api/conversations` takes. */
export interface SceneWish {
  readonly play: string;
  /** Cast names. */
  readonly cast: readonly string[];
  readonly at?: string | undefined;
  readonly situation?: string | undefined;
  /** Whom a person speaks. */
  readonly humans?: readonly string[] | undefined;
  readonly director?: Policy | undefined;
  readonly seed?: number | undefined;
  readonly turns?: number | undefined;
  readonly drafts?: number | undefined;
  /** By cast name: the id of a version, or "none"; what is in use for who is not named. */
  readonly adapters?: Readonly<Record<string, string>> | undefined;
  /** Levers, with commas between them; "off" for none. */
  readonly steer?: string | undefined;
  readonly start?: boolean | undefined;
}

export interface PlayEntry {
  readonly id: string;
  readonly title: string;
  /** Whether its text is here, so that a scene of it can begin without fetching. */
  readonly here?: boolean | undefined;
}

/** A scene of a play, as one chooses it. */
export interface PlaceEntry {
  /** Act and scene, such as "3.1". */
  readonly at: string;
  readonly heading: string;
  /** Cast names of all who are there at some time. */
  readonly cast: readonly string[];
}

/** A version of an adapter. */
export interface AdapterEntry {
  readonly id: string;
  readonly play: string;
  /** Null for the adapter that all speakers of a play share. */
  readonly character: string | null;
  readonly base: string;
  readonly form: string;
  readonly date: string;
  readonly bytes: number;
  readonly isPromoted: boolean;
  readonly parent?: string | undefined;
  readonly by: string;
  readonly note?: string | undefined;
  readonly metrics: Readonly<
    Record<
      string,
      { readonly value: number; readonly low: number; readonly high: number; readonly n: number }
    >
  >;
}

/** A figure of a scene beside those of the plays. */
export interface BandEntry {
  readonly name: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly mean: number;
}

/** What is measured of a scene. */
export interface Measures {
  readonly bands: readonly BandEntry[];
  /** How much each sounds like themselves, by third of the scene; null for a third in which they are silent. */
  readonly voice?: readonly {
    readonly name: string;
    readonly thirds: readonly (number | null)[];
  }[];
}
