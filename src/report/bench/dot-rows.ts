import { dot, link, ruleX, ruleY, text } from '@observablehq/plot';
import { chart, chartWidth } from '../page/chart.ts';
import { type LegendEntry, legend, type MarkSymbol, markRadius, paintOf } from './legend.ts';
import { nameRows } from './name-rows.ts';

/** A value on a line of a chart, with its interval if it has one. Everything is in the units of the x axis. */
export interface RowDot {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly symbol: MarkSymbol;
  readonly isFilled: boolean;
  /** Whether its interval is drawn as a broad pale bar below the others: where they should lie. */
  readonly isBand?: boolean;
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

interface DotAnchor {
  readonly name: string;
  readonly value: number;
  /** Whether it belongs to the group's own axis: it is drawn pale and unbroken. */
  readonly isTick?: boolean;
}

export interface DotRows {
  /** What the chart shows, for who cannot see it. */
  readonly label: string;
  /** Null if each group has its own axis, made of anchors that are ticks. */
  readonly axis: string | null;
  readonly groups: readonly DotGroup[];
  /** Ends of the axis; what lies beyond is drawn at the end. */
  readonly domain: readonly [least: number, most: number];
  /** Where lines run from top to bottom. */
  readonly rules: readonly number[];
  readonly entries: readonly LegendEntry[];
}

/** All in pixels. */
const [left, right, axisHeight] = [205, 160, 48];
const [lineHeight, anchorHeight, gap] = [19, 13, 10];

/** Dots with intervals on labelled lines, grouped: the form of most figures of the report. */
export function dotRows({ label, axis, groups, domain, rules, entries }: DotRows): string {
  const [least, most] = domain;
  const clamp = (value: number) => Math.min(most, Math.max(least, value));
  const toPixel = (value: number) =>
    ((clamp(value) - least) / (most - least)) * (chartWidth - left - right);
  const placed = placeGroups(groups, toPixel);
  const key = legend(entries, left);
  const inLine = { y: 'y', textAnchor: 'start', textOverflow: 'ellipsis' } as const;
  const isBand = (row: RowDot) => row.isBand === true;
  const isTick = (anchor: DotAnchor) => anchor.isTick === true;
  const upright = { x: ({ value }: DotAnchor) => clamp(value), y1: 'from', y2: 'to' };
  const below = axis === null ? 4 : axisHeight;
  const interval = {
    x1: ({ low, value }: RowDot) => clamp(low ?? value),
    x2: ({ high, value }: RowDot) => clamp(high ?? value),
    y: 'y',
  };

  return chart(label, {
    height: key.height + placed.bottom + below,
    marginLeft: left,
    marginRight: right,
    marginTop: key.height,
    marginBottom: below,
    x: {
      ...(axis === null ? { axis: null } : { label: axis }),
      domain: [least, most],
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    // One unit is one pixel: the lines are of unequal height, which no band scale knows.
    y: {
      axis: null,
      domain: [0, placed.bottom],
      range: [key.height, key.height + placed.bottom],
    },
    marks: [
      ruleX(rules, { stroke: 'var(--rule)', strokeWidth: 1.5 }),
      ruleY(placed.separators, { stroke: 'var(--rule)', strokeWidth: 0.6 }),
      link(placed.anchors.filter(isTick), { ...upright, stroke: 'var(--rule)' }),
      link(
        placed.anchors.filter((anchor) => !isTick(anchor)),
        { ...upright, stroke: 'var(--second)', strokeWidth: 1.2, strokeDasharray: '2,2' },
      ),
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
      link(placed.dots.filter(isBand), { ...interval, stroke: 'var(--rule)', strokeWidth: 11 }),
      link(
        placed.dots.filter((row) => !isBand(row)),
        { ...interval, stroke: 'var(--ink)', strokeWidth: 1.4 },
      ),
      dot(placed.dots, {
        x: ({ value }) => clamp(value),
        y: 'y',
        r: markRadius,
        symbol: 'symbol',
        fill: ({ isFilled }) => paintOf(isFilled).fill,
        stroke: ({ isFilled }) => paintOf(isFilled).stroke,
        strokeWidth: 1.4,
      }),
      text(placed.names, {
        ...inLine,
        frameAnchor: 'left',
        dx: 4 - left,
        text: 'text',
        lineWidth: 15,
      }),
      text(placed.lines, { ...inLine, frameAnchor: 'left', dx: -20, text: 'mark' }),
      text(placed.lines, { ...inLine, frameAnchor: 'right', dx: 14, text: 'note' }),
      ...key.marks,
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

/** Where everything stands, in pixels from the top of the frame: group below group, each with its lines and then its anchors' names. */
function placeGroups(groups: readonly DotGroup[], toPixel: (value: number) => number): Placed {
  let y = 0;
  const parts = groups.map(({ name, lines, anchors }) => {
    const from = y + gap / 2;
    const placed = lines.map((line, i) => ({ ...line, y: from + lineHeight * (i + 0.5) }));
    const below = from + lineHeight * lines.length;
    const names = nameRows(anchors, toPixel);
    y = below + anchorHeight * names.rows + gap / 2;
    return {
      separator: y,
      name: { text: name, y: from + lineHeight / 2 },
      lines: placed,
      dots: placed.flatMap((line) =>
        line.dots.map((row) => ({ ...row, y: line.y + (row.dy ?? 0) })),
      ),
      anchors: names.placed.map(({ named, row }) => ({
        ...named,
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
