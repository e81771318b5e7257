import { dot, line, link, type Markish, text } from '@observablehq/plot';
import {
  type DistributionLine,
  type DistributionPanel,
  quantileOf,
  stepsOf,
} from './distribution.ts';
import type { DistributionAxis } from './distribution-axis.ts';
import { markRadius, paintOf } from './legend.ts';
import { nameRows } from './name-rows.ts';
import { shown } from './number.ts';

export interface LineStroke {
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDasharray?: string;
}

/** All in pixels; the frame lies between left and right, below the heading and the names. */
const [left, right] = [36, 84];
const [headHeight, nameHeight, frameHeight, axisHeight, noteHeight] = [28, 13, 170, 24, 15];
/** Letters of a line of medians. */
const noteLetters = 70;

/** A panel that knows how much room it takes. */
export interface SizedPanel extends DistributionPanel {
  readonly axis: DistributionAxis;
  readonly names: readonly (DistributionLine & { readonly row: number })[];
  /** Sentences below, each on a line. */
  readonly notes: readonly string[];
  readonly frameWidth: number;
  /** Pixels from the panel's top to its frame's, and from there to the panel's bottom. */
  readonly above: number;
  readonly below: number;
}

/** @param width Of the panel, in pixels. */
export function sizedPanel(
  panel: DistributionPanel,
  axis: DistributionAxis,
  width: number,
): SizedPanel {
  const frameWidth = width - left - right;
  const ends = panel.lines.map((one) => ({ ...one, value: one.values.at(-1)! }));
  const { placed, rows } = nameRows(ends, (value) => axis.toShare(value) * frameWidth);
  const notes = medianNotes(panel);
  return {
    ...panel,
    axis,
    names: placed.map(({ named, row }) => ({ ...named, row })),
    notes,
    frameWidth,
    above: headHeight + nameHeight * rows,
    below: frameHeight + axisHeight + noteHeight * notes.length,
  };
}

/** "Medians: original 9 (n = 265), A 20 (n = 20).", broken between the rows into lines. */
function medianNotes({ lines, unit }: DistributionPanel): string[] {
  const parts = lines.map(
    ({ name: row, values }) => `${row} ${median(values, unit)} (n = ${values.length})`,
  );
  const notes: string[] = [];
  parts.forEach((part, i) => {
    const ended = part + (i === parts.length - 1 ? '.' : ',');
    const longer = `${notes.at(-1)} ${ended}`;
    if (i > 0 && longer.length <= noteLetters) notes[notes.length - 1] = longer;
    else notes.push(i === 0 ? `${parts.length > 1 ? 'Medians' : 'Median'}: ${ended}` : ended);
  });
  return notes;
}

const median = (values: readonly number[], unit: string): string => {
  const value = quantileOf(values, 0.5);
  return unit === 'words' ? String(value) : shown(value, unit);
};

/** Where a panel stands in its chart, in pixels: its left, its top, and its frame's top. */
interface PanelPlace {
  readonly x: number;
  readonly heading: number;
  readonly frame: number;
}

/** The marks of a panel in a chart whose units are pixels. */
export function panelMarks(
  { task, label, axis, lines, names, notes, frameWidth }: SizedPanel,
  strokes: ReadonlyMap<string, LineStroke>,
  place: PanelPlace,
): Markish[] {
  const [x0, y0] = [place.x + left, place.frame];
  const toX = (value: number) => x0 + axis.toShare(value) * frameWidth;
  const toY = (share: number) => y0 + (1 - share) * frameHeight;
  const bottom = toY(0);
  const small = { fontSize: 10, fill: 'var(--soft)' };
  const start = { textAnchor: 'start', lineAnchor: 'middle' } as const;
  const nameY = ({ row }: { readonly row: number }) => y0 - 6 - nameHeight * (row + 0.5);
  const endX = ({ values }: DistributionLine) => toX(values.at(-1)!);
  const level = { x1: x0, x2: x0 + frameWidth, y: (share: number) => toY(share) };
  return [
    text([`${task} · ${label}`], { x: place.x + 8, y: place.heading + 11, ...start }),
    link([0, 0.25, 0.5, 0.75, 1], { ...level, stroke: 'var(--rule)', strokeWidth: 0.6 }),
    text([0, 0.5, 1], {
      x: x0 - 6,
      y: (share: number) => toY(share),
      text: (share: number) => String(share),
      textAnchor: 'end',
      ...small,
    }),
    link(axis.ticks, { x: toX, y1: bottom, y2: bottom + 4, stroke: 'var(--soft)' }),
    text(axis.ticks, {
      x: toX,
      y: bottom + 13,
      text: (tick: number) => String(Number(tick.toPrecision(6))).replace('-', '−'),
      ...small,
    }),
    ...lines.map((one) =>
      line(stepsOf(one.values), {
        x: ({ value }) => toX(value),
        y: ({ share }) => toY(share),
        curve: 'step-after',
        ...strokes.get(one.name)!,
      }),
    ),
    link(names, {
      x: endX,
      y1: y0,
      y2: nameY,
      stroke: 'var(--soft)',
      strokeWidth: 0.7,
    }),
    text(names, {
      x: endX,
      y: nameY,
      dx: 3,
      text: 'name',
      fontSize: 10,
      ...start,
    }),
    dot(lines, {
      x: ({ values }) => toX(quantileOf(values, 0.5)),
      y: toY(0.5),
      r: markRadius,
      symbol: 'symbol',
      fill: ({ isFilled }) => paintOf(isFilled).fill,
      stroke: ({ isFilled }) => paintOf(isFilled).stroke,
      strokeWidth: 1.4,
    }),
    text(notes, {
      x: x0,
      y: (_, i: number) => bottom + axisHeight + noteHeight * (i + 0.5),
      ...start,
      fontSize: 11,
    }),
  ];
}
