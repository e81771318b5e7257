import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Place } from '../play/play.ts';
import type { Digest } from './digests/digest.ts';
import { knownBy } from './digests/known-by.ts';
import type { Remembering } from './memory-part.ts';
import type { PassagePart } from './passage-part.ts';

/**
 * The exchange in which somebody saw a fact or was told of it, by its place: of those that overlap it most, the one that
 * shares most words with the question. Undefined if they heard all of none.
 */
export function windowShowing(
  windows: PassagePart,
  digest: Digest,
  { question, who }: { readonly question: string; readonly who: Remembering },
): number | undefined {
  const known = knownBy(digest, who.character, who.before);
  if (!known) return undefined;
  const { line } = known.at;
  const range =
    known.way === 'told' && line !== undefined
      ? { from: { ...known.at, line }, end: { ...known.at, line } }
      : digest;
  const byWords = windows.byWords(question, who);
  const rank = (item: number): number =>
    byWords.includes(item) ? byWords.indexOf(item) : Infinity;
  const overlapping = windows
    .remembered(who)
    .map((item) => ({ item, lines: linesShared(windows.passages[item]!, range) }))
    .filter(({ lines }) => lines > 0)
    .sort((a, b) => b.lines - a.lines || compareRanks(rank(a.item), rank(b.item)));
  return overlapping[0]?.item;
}

interface Range {
  readonly from: Required<Place>;
  readonly end: Required<Place>;
}

function linesShared(
  window: { readonly place: string; readonly end: Required<Place> },
  { from, end }: Range,
): number {
  const start = parsePlace(window.place);
  const first = comparePlaces(start, from) > 0 ? start : from;
  const last = comparePlaces(window.end, end) < 0 ? window.end : end;
  const isOneScene = first.act === last.act && first.scene === last.scene;
  return isOneScene ? Math.max(0, last.line! - (first.line ?? 1) + 1) : 0;
}

const compareRanks = (a: number, b: number): number => (a === b ? 0 : a - b);
