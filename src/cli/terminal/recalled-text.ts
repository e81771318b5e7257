import type { Recalled } from '../../memory/recalled.ts';
import { displayName } from '../../play/cast/display-name.ts';

/** Where something recalled is from: "3.4.24–33", or "3.4.24–33, told by Gertrude at 4.1.8". */
export function sourceText({ place, end, told }: Recalled): string {
  const range = place === end ? place : `${place}–${end.slice(end.lastIndexOf('.') + 1)}`;
  if (!told) return range;
  const by = told.by === undefined ? '' : ` by ${displayName(told.by)}`;
  return `${range}, told${by} at ${told.at}`;
}
