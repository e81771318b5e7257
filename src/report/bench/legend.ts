import { dot, type Markish, text } from '@observablehq/plot';
import { chartWidth } from '../page/chart.ts';
import type { MarkedRun, RunSymbol } from './run.ts';

/** The shape of a mark: a run's, the diamond of the originals, or the saltire of the prompted base model. */
export type MarkSymbol = RunSymbol | 'diamond' | 'times';

export interface LegendEntry {
  readonly symbol: MarkSymbol;
  readonly isFilled: boolean;
  readonly text: string;
}

export interface Legend {
  /** Pixels that it takes above the frame, with what is kept free. */
  readonly height: number;
  /** To be drawn in a chart whose frame begins at `left` and `height` of its corner. */
  readonly marks: Markish[];
}

/** Radius of a mark, in pixels. */
export const markRadius = 4.2;
const lineHeight = 19;
/** Mean width of a letter at 12 pixels, a little on the wide side. */
const letterWidth = 6.4;

/** The runs by shape, letter and label. */
export function runEntries(runs: readonly MarkedRun[]): LegendEntry[] {
  return runs.map(({ symbol, letter, label }) => ({
    symbol,
    isFilled: true,
    text: `${letter}  ${label}`,
  }));
}

/** Fill and stroke of a mark: the runs are full and coloured, what they are compared with is hollow and in ink. */
export function paintOf(isFilled: boolean): { readonly fill: string; readonly stroke: string } {
  return isFilled
    ? { fill: 'var(--accent)', stroke: 'var(--accent)' }
    : { fill: 'var(--paper)', stroke: 'var(--ink)' };
}

/**
 * Entries from left to right above the frame, on the next line where one would not fit.
 *
 * @param left  Pixels before the frame.
 * @param below Pixels kept free between the legend and the frame.
 */
export function legend(entries: readonly LegendEntry[], left: number, below = 0): Legend {
  let [x, y] = [8, lineHeight / 2];
  const placed = entries.map((entry) => {
    const width = 34 + entry.text.length * letterWidth;
    if (x > 8 && x + width > chartWidth) [x, y] = [8, y + lineHeight];
    const at = { entry, x, y };
    x += width;
    return at;
  });
  const height = y + lineHeight + below;
  const marks = placed.flatMap(({ entry, x, y }) => {
    const at = { frameAnchor: 'top-left', dx: x - left, dy: y - height } as const;
    const { symbol, isFilled } = entry;
    return [
      dot([entry], { ...at, symbol, r: markRadius, strokeWidth: 1.4, ...paintOf(isFilled) }),
      text([entry.text], { ...at, dx: at.dx + 12, textAnchor: 'start', lineAnchor: 'middle' }),
    ];
  });
  return { height, marks };
}
