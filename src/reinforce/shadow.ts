import { isShadow } from '../corpus/splits/split.ts';
import type { ChoiceItem } from './choice-item.ts';
import { inDrawnOrder } from './drawn-order.ts';

/** Items that are learned, and those that the run is stopped by. */
export interface Shadowed {
  readonly learned: readonly ChoiceItem[];
  readonly shadow: readonly ChoiceItem[];
}

/** Sets aside what `eval --split shadow` asks: a fifth of the items, from the same plays, which are never learned. */
export function shadowed(items: readonly ChoiceItem[]): Shadowed {
  return {
    learned: items.filter(({ id }) => !isShadow(id)),
    shadow: items.filter(({ id }) => isShadow(id)),
  };
}

/** The shadow items over so many pages, drawn by seed: what every look of a run asks. */
export function lookedAt(
  shadow: readonly ChoiceItem[],
  { lookPages, seed }: { readonly lookPages: number; readonly seed: number },
): readonly ChoiceItem[] {
  const keys = [...new Set(shadow.map(({ pageKey }) => pageKey))];
  const asked = new Set(inDrawnOrder(keys, seed, 'look').slice(0, lookPages));
  return shadow.filter(({ pageKey }) => asked.has(pageKey));
}
