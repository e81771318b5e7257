import { dot, link, ruleX, ruleY, text } from '@observablehq/plot';
import type { MarkedRun, RunSymbol } from './bench-run.ts';
import { chart, chartWidth } from './chart.ts';

/** A value on a line of a chart, with its interval if it has one. Everything is in the units of the x axis. */
export interface RowDot {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly symbol: RunSymbol | 'diamond';
  readonly isFilled: boolean;
  /** Pixels below the middle of its line, so that two intervals lie beside each other. */
  readonly dy?: number;
}

export interface DotLine {
  /** In front of the line: the letter of a run. */
  readonly mark: string;
  readonly dots: readonly RowDot[];
  /** Behind it: the raw figures. */
  readonly note: string;
}

/** A task or a metric: some lines, and the values that others are measured by, with their names. */
export interface DotGroup {
  readonly name: string;
  readonly lines: readonly DotLine[];
  readonly anchors: readonly DotAnchor[];
}

export interface DotAnchor {
  readonly name: string;
  readonly value: number;
}

export interface LegendEntry {
  readonly symbol: RunSymbol | 'diamond';
  readonly isFilled: boolean;
  readonly text: string;
}

export interface DotRows {
  /** What the chart shows, for who cannot see it. */
  readonly label: string;
  readonly axis: string;
  readonly groups: readonly DotGroup[];
  /** Ends of the axis; what lies beyond is drawn at the end. */
  readonly domain: readonly [least: number, most: number];
  /** Where lines run from top to bottom. */
  readonly rules: readonly number[];
  readonly legend: readonly LegendEntry[];
}

/** The runs by shape, letter and label. */
export function legendOf(runs: readonly MarkedRun[]): LegendEntry[] {
  return runs.map(({ symbol, letter, label }) => ({
    symbol,
    isFilled: true,
    text: `${letter}  ${label}`,
  }));
}

/** All in pixels. */
const [left, right, axisHeight] = [190, 165, 44];
const [lineHeight, anchorHeight, gap, legendHeight] = [19, 13, 10, 19];
/** Mean widths of a letter at 10 and 12 pixels, a little on the wide side. */
const [smallLetter, letter] = [5.2, 6.4];

/** Dots with intervals on labelled lines, grouped: the form of most figures of the report. */
export function dotRows({ label, axis, groups, domain, rules, legend }: DotRows): string {
  const [least, most] = domain;
  const perPixel = (most - least) / (chartWidth - left - right);
  const clamp = (value: number) => Math.min(most, Math.max(least, value));
  const toX = (pixel: number) => least + (pixel - left) * perPixel;
  const toPixel = (value: number) => left + (clamp(value) - least) / perPixel;

  const key = placeLegend(legend);
  const top = (key.at(-1)?.y ?? 0) + legendHeight;
  const placed = placeGroups(groups, top, toPixel);
  const height = placed.bottom + axisHeight;
  const marks = [
    ...placed.dots.map((row) => ({ ...row, x: clamp(row.value) })),
    ...key.map((entry) => ({ ...entry, x: toX(entry.x) })),
  ];
  const inFrame = { y: 'y', textAnchor: 'start', textOverflow: 'ellipsis' } as const;

  return chart(label, {
    height,
    marginLeft: left,
    marginRight: right,
    marginTop: 0,
    marginBottom: axisHeight,
    x: { label: axis, domain: [least, most], labelAnchor: 'center', labelArrow: 'none' },
    // One unit is one pixel: the lines are of unequal height, which no band scale knows.
    y: { axis: null, domain: [0, height], range: [0, height] },
    marks: [
      ruleX(rules, { stroke: 'var(--rule)', strokeWidth: 1.5, y1: top, y2: placed.bottom }),
      ruleY(placed.separators, { stroke: 'var(--rule)', strokeWidth: 0.6 }),
      link(placed.anchors, {
        x: ({ value }) => clamp(value),
        y1: 'from',
        y2: 'to',
        stroke: 'var(--second)',
        strokeWidth: 1.2,
        strokeDasharray: '2,2',
      }),
      text(placed.anchors, {
        x: ({ value }) => clamp(value),
        y: 'to',
        dx: 3,
        dy: -4,
        textAnchor: 'start',
        text: 'name',
        fontSize: 10,
        fill: 'var(--soft)',
      }),
      link(placed.dots, {
        x1: ({ low, value }) => clamp(low ?? value),
        x2: ({ high, value }) => clamp(high ?? value),
        y: 'y',
        stroke: 'var(--ink)',
        strokeWidth: 1.4,
      }),
      dot(marks, {
        x: 'x',
        y: 'y',
        r: 4.2,
        symbol: 'symbol',
        fill: ({ isFilled }) => (isFilled ? 'var(--accent)' : 'var(--paper)'),
        stroke: ({ isFilled }) => (isFilled ? 'var(--accent)' : 'var(--ink)'),
        strokeWidth: 1.4,
      }),
      text(key, { x: ({ x }) => toX(x), y: 'y', dx: 9, textAnchor: 'start', text: 'text' }),
      text(placed.names, { ...inFrame, frameAnchor: 'left', dx: 4 - left, text: 'text' }),
      text(placed.lines, { ...inFrame, frameAnchor: 'left', dx: -20, text: 'mark' }),
      text(placed.lines, { ...inFrame, frameAnchor: 'right', dx: 14, text: 'note' }),
    ],
  });
}

interface Placed {
  readonly bottom: number;
  readonly separators: readonly number[];
  readonly names: readonly { readonly text: string; readonly y: number }[];
  readonly lines: readonly (DotLine & { readonly y: number })[];
  readonly dots: readonly (RowDot & { readonly y: number })[];
  readonly anchors: readonly (DotAnchor & { readonly from: number; readonly to: number })[];
}

/** Where everything stands, in pixels from the top: group below group, each with its lines and then its anchors' names. */
function placeGroups(
  groups: readonly DotGroup[],
  top: number,
  toPixel: (value: number) => number,
): Placed {
  let y = top;
  const parts = groups.map(({ name, lines, anchors }) => {
    const from = y + gap / 2;
    const placed = lines.map((line, i) => ({ ...line, y: from + lineHeight * (i + 0.5) }));
    const below = from + lineHeight * lines.length;
    const names = placeNames(anchors, toPixel);
    y = below + anchorHeight * names.rows + gap / 2;
    return {
      separator: y,
      name: { text: name, y: from + lineHeight / 2 },
      lines: placed,
      dots: placed.flatMap((line) =>
        line.dots.map((row) => ({ ...row, y: line.y + (row.dy ?? 0) })),
      ),
      anchors: names.placed.map(({ anchor, row }) => ({
        ...anchor,
        from,
        to: below + anchorHeight * (row + 1),
      })),
    };
  });
  return {
    bottom: y,
    separators: parts.slice(0, -1).map(({ separator }) => separator),
    names: parts.map(({ name }) => name),
    lines: parts.flatMap(({ lines }) => lines),
    dots: parts.flatMap(({ dots }) => dots),
    anchors: parts.flatMap(({ anchors }) => anchors),
  };
}

/**
 * A row for each name, from the right to the left: a name that reaches under others to its right goes one row below the
 * lowest of them, so that no name is crossed by another's line.
 */
function placeNames(anchors: readonly DotAnchor[], toPixel: (value: number) => number) {
  const placed: { anchor: DotAnchor; start: number; row: number }[] = [];
  for (const anchor of [...anchors].sort((a, b) => b.value - a.value)) {
    const start = toPixel(anchor.value);
    const end = start + 6 + anchor.name.length * smallLetter;
    const inReach = placed.filter((other) => other.start < end).map(({ row }) => row);
    placed.push({ anchor, start, row: Math.max(-1, ...inReach) + 1 });
  }
  return { placed, rows: Math.max(-1, ...placed.map(({ row }) => row)) + 1 };
}

/** Entries from left to right, and on the next line where one would not fit. */
function placeLegend(entries: readonly LegendEntry[]) {
  let [x, y] = [8, legendHeight / 2];
  return entries.map((entry) => {
    const width = 30 + entry.text.length * letter;
    if (x > 8 && x + width > chartWidth) [x, y] = [8, y + legendHeight];
    const placed = { ...entry, x, y };
    x += width;
    return placed;
  });
}
