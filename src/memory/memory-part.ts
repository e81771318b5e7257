import { formatPlace } from '../play/place.ts';
import type { Place } from '../play/play.ts';
import type { DigestRows } from './digest-rows.ts';
import type { Digest } from './digests/digest.ts';
import { knownBy } from './digests/known-by.ts';
import type { KindIndex } from './kind-index.ts';
import { isWitnessed, type Passage } from './passage.ts';
import type { MemoryKind, Recalled } from './recalled.ts';
import type { Window } from './windows.ts';

/** Who remembers, and at which point of the story: without one, all of the play is over. */
export interface Remembering {
  /** Cast name. */
  readonly character: string;
  readonly before?: Place | undefined;
}

/** One kind of memory of a play. */
export interface MemoryPart {
  readonly index: KindIndex;
  /** For each row of the index, whether somebody may find it. */
  allowed(who: Remembering): (row: number) => boolean;
  /** An item as somebody recalls it who may. */
  recalled(item: number, who: Remembering): Omit<Recalled, 'score'>;
}

/** Speeches or exchanges: whoever heard all of one remembers it. */
export function passagePart(
  kind: Exclude<MemoryKind, 'digest'>,
  passages: readonly (Window & Partial<Pick<Passage, 'speaker'>>)[],
  index: KindIndex,
): MemoryPart {
  return {
    index,
    allowed: ({ character, before }) => {
      const heard = passages.map((passage) => isWitnessed(passage, character, before));
      return (row) => heard[row]!;
    },
    recalled: (item) => {
      const { place, end, speaker, text } = passages[item]!;
      return { kind, place, end: formatPlace(end), ...(speaker && { speaker }), text };
    },
  };
}

/** Facts: whoever was there or was told of one remembers it. */
export class DigestPart implements MemoryPart {
  readonly digests: readonly Digest[];
  readonly index: KindIndex;
  readonly #rows: DigestRows;

  constructor(digests: readonly Digest[], rows: DigestRows, index: KindIndex) {
    this.digests = digests;
    this.#rows = rows;
    this.index = index;
  }

  allowed(who: Remembering): (row: number) => boolean {
    return this.#rowsOf(who, true);
  }

  /** The rows of what somebody has neither seen nor heard of. */
  unknown(who: Remembering): (row: number) => boolean {
    return this.#rowsOf(who, false);
  }

  recalled(item: number, { character, before }: Remembering): Omit<Recalled, 'score'> {
    const digest = this.digests[item]!;
    const { id, from, end } = digest;
    const knowing = knownBy(digest, character, before);
    return {
      kind: 'digest',
      id,
      place: formatPlace(from),
      end: formatPlace(end),
      text: this.index.rows[this.#rows.rowsFor(character)[item]!]!.embedded,
      ...(knowing?.way === 'told' && {
        told: { at: formatPlace(knowing.at), ...(knowing.by && { by: knowing.by.name }) },
      }),
    };
  }

  #rowsOf({ character, before }: Remembering, isKnown: boolean): (row: number) => boolean {
    const rows = new Set(
      this.#rows
        .rowsFor(character)
        .filter(
          (_, item) => (knownBy(this.digests[item]!, character, before) !== undefined) === isKnown,
        ),
    );
    return (row) => rows.has(row);
  }
}
