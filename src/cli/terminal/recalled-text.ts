import type { Knowing, Recalled } from '../../memory/recalled.ts';

/** Where something recalled is from: "3.4.24–33", or "3.4.24–33, told by Gertrude at 4.1.8". */
export function sourceText({ place, end, told }: Recalled): string {
  const range = place === end ? place : `${place}–${end.slice(end.lastIndexOf('.') + 1)}`;
  if (!told) return range;
  const by = told.by === undefined ? '' : ` by ${told.by}`;
  return `${range}, told${by} at ${told.at}`;
}

/** What the gate of not knowing made of a question, with the figures that it went by. */
export function knowingText({ isKnown, known, unknown, isStrange }: Knowing): string {
  const figure = (found: Knowing['known']): string =>
    found ? `fits it by ${found.score.toFixed(2)} (${found.id})` : 'is none';
  return (
    `Taken for ${isKnown ? 'known' : 'unknown'}: the nearest fact known here ${figure(known)}, ` +
    `the nearest not known here ${figure(unknown)}` +
    `${isStrange ? ', and a name in it is nowhere in the play' : ''}.`
  );
}
