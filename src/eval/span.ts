import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Span } from './task.ts';

/** Whether something from `place` to `end` shares a line with one of the spans. */
export function isAmong(
  { place, end }: { readonly place: string; readonly end: string },
  spans: readonly Span[],
): boolean {
  const [first, last] = [parsePlace(place), parsePlace(end)];
  return spans.some(
    (span) =>
      comparePlaces(first, parsePlace(span.end)) <= 0 &&
      comparePlaces(last, parsePlace(span.from)) >= 0,
  );
}
