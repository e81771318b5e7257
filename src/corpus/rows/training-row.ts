import type { Place } from '../../play/play.ts';
import { sha256, sha256Of } from '../../store/sha256.ts';

/** What a row is for; each is told in full where it is made: `rowMakers` in training-rows.ts. */
export const rowKinds = [
  'scene',
  'exchange',
  'elsewhere',
  'protective',
  'own',
  'contrast',
  'mislabelled',
  'know',
  'page',
] as const;
export type RowKind = (typeof rowKinds)[number];

/** A turn of a row, as `sceneRow` of src/prompt takes it. */
export interface TrainingTurn {
  /** Under whose label it stands: a cast name, or `VISITOR`. */
  readonly speaker: string;
  /** In one paragraph. Context may be cut at its start, and have stage directions in brackets. */
  readonly text: string;
  /** Where the speech it is from begins, such as "3.1.56"; undefined if it is not from the play. */
  readonly place?: string | undefined;
  /** The weight of each of its tokens in the loss: 0 is context, less than 0 is to become less likely. */
  readonly lossWeight: number;
  /** Who says it in the play, if that is another than `speaker`: only what is unlearnt stands under a wrong label. */
  readonly by?: string | undefined;
}

/** Which blocks of the prompt the row is shown with. */
export interface ShownBlocks {
  readonly persona: boolean;
  /** Memories of what was witnessed before `from`, for the last turn: see `recalled` of `sceneRow`. */
  readonly memory: boolean;
  /** Already in the turns' texts; said here for the record. */
  readonly directions: boolean;
}

/** One sequence that a character learns from: plain data, and the same for the same edition and options. */
export interface TrainingRow {
  /** 16 hex digits: hash of edition, kind, speaker and places. */
  readonly id: string;
  /** sha256 of the play's text in hex, and the id of the play; of a row from elsewhere that it was given for. */
  readonly edition: string;
  readonly play: string;
  /** Cast name of who is learnt; of a page, of the first who is. */
  readonly speaker: string;
  readonly kind: RowKind | 'given';
  /** "3.1": where persona and memory stand, the place that the benchmark asks at. Undefined for what is not from the play. */
  readonly scene?: string | undefined;
  /** Places of the first and the last speech that is learnt or unlearnt. */
  readonly from?: Place | undefined;
  readonly to?: Place | undefined;
  /** The last one is learnt or unlearnt. */
  readonly turns: readonly TrainingTurn[];
  readonly shows: ShownBlocks;
  /** What the speaker remembers at the last turn, a sentence each, the one that fits best first, in place of what memory would recall. */
  readonly recalled?: readonly string[] | undefined;
  /**
   * What the speaker says in place of what a row unlearns: the other half of a pair, for an objective that compares the
   * two. Its last turn is learnt.
   */
  readonly preferred?:
    | { readonly scene?: string | undefined; readonly turns: readonly TrainingTurn[] }
    | undefined;
  /** Where words come from that are not in the play: a row without one must be found in the edition. */
  readonly source?: string | undefined;
}

/** 16 hex digits that name a row: the same wherever edition, kind, speaker, places and other texts are. */
export function rowId(
  edition: string,
  kind: TrainingRow['kind'],
  speaker: string,
  turns: readonly TrainingTurn[],
): string {
  const parts = turns.map(({ place, text }) => place ?? text);
  return sha256(JSON.stringify([edition, kind, speaker, ...parts])).slice(0, 16);
}

/** sha256 in hex of everything that the rows teach, in their order: the `data` of an adapter version. */
export function rowsHash(rows: Iterable<TrainingRow>): string {
  return sha256Of(taughtBy(rows));
}

function* taughtBy(rows: Iterable<TrainingRow>): Generator<string> {
  for (const { id, play, speaker, turns, preferred, shows, recalled } of rows) {
    const taught = [...turns, ...(preferred?.turns ?? [])].map(
      ({ speaker: label, text, lossWeight }) => [label, text, lossWeight],
    );
    const shown = recalled ? [shows, recalled] : [shows];
    yield `${JSON.stringify([id, play, speaker, taught, ...shown])}\n`;
  }
}
