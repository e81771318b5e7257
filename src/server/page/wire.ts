import type { Static } from 'typebox';
import type { Recorded } from '../../stage/events.ts';
import type {
  commandBody,
  eventPageSchema,
  measuresSchema,
  newSceneBody,
  placesSchema,
  playsSchema,
  snapshotSchema,
  summariesSchema,
} from '../schemas.ts';

/** What the server's routes take and give, by the schemas that they are checked by. */

export type SummaryPage = Static<typeof summariesSchema>;
/** A scene in a list. */
export type Summary = SummaryPage['conversations'][number];

/** Events of a scene in their order, a page at a time. */
export type EventPage = Omit<Static<typeof eventPageSchema>, 'events'> & {
  readonly events: readonly Recorded[];
};

/** All words so far of a turn that is spoken; `turn` is the number that its event will have, or near it. */
export type DraftNews = NonNullable<Static<typeof snapshotSchema>['draft']>;
/** Words of a turn while it is spoken, from character `at` on. */
export type TokenNews = DraftNews & { readonly at: number };

/** What `POST …/commands` takes. */
export type Command = Static<typeof commandBody>;
/** What `POST /api/conversations` takes. */
export type SceneWish = Static<typeof newSceneBody>;

export type PlayEntry = Static<typeof playsSchema>['plays'][number];
/** A scene of a play, as one chooses it. */
export type PlaceEntry = Static<typeof placesSchema>['places'][number];

/** What is measured of a scene. */
export type Measures = Static<typeof measuresSchema>;
/** A figure of a scene beside those of the plays. */
export type BandEntry = Measures['bands'][number];

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
