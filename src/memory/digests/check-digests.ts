import { comparePlaces, formatPlace } from '../../play/place.ts';
import type { Play } from '../../play/play.ts';
import { checkRow } from './check-row.ts';
import type { Digest, DigestFault } from './digest.ts';
import type { DigestFile } from './digest-file.ts';
import { DigestPersons } from './digest-persons.ts';
import { StageLines } from './stage-lines.ts';

/** A digest file looked up in its play: the digests without fault, and every fault of the others. */
export interface CheckedDigests {
  readonly digests: readonly Digest[];
  /** In the order of the lines. */
  readonly faults: readonly DigestFault[];
}

/**
 * Looks up the names and places of a digest file in a play: everybody it names must be of the cast or the header, its words
 * must stand where it says, and those who know a fact must have been there.
 */
export function checkDigests(
  { header, rows, faults }: DigestFile,
  play: Play,
  lines: StageLines = new StageLines(play),
): CheckedDigests {
  const stage = { lines, persons: new DigestPersons(play, header?.persons ?? {}) };
  const digests: Digest[] = [];
  const found = [...faults];
  const ids = new Set<string>();
  let last: Digest | undefined;
  for (const { line, row } of rows) {
    const { digest, faults: wrong } = checkRow(stage, row);
    if (ids.has(row.id)) wrong.push(givenTwice(row.id));
    ids.add(row.id);
    if (digest && last && comparePlaces(digest.from, last.from) < 0)
      wrong.push(outOfOrder(digest, last));
    last = digest ?? last;
    if (digest && wrong.length === 0) digests.push(digest);
    found.push(...wrong.map((fault) => ({ line, ...fault })));
  }
  return { digests, faults: found.sort((a, b) => a.line - b.line) };
}

const givenTwice = (id: string) => ({
  message: `the id "${id}" is given twice`,
  remedy: 'Give each digest an id of its own.',
});

const outOfOrder = (digest: Digest, last: Digest) => ({
  message: `${formatPlace(digest.from)} comes before ${formatPlace(last.from)}, the place of "${last.id}" above it`,
  remedy: "Put the digests in the play's order.",
});
