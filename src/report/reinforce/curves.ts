import { dot, line, text } from '@observablehq/plot';
import { escapeMarkup } from '../../stage/export/markup.ts';
import { chart } from '../page/chart.ts';

/** A point of a curve. */
export interface Point {
  /** Name of the curve that it is on. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** Curves over steps: of what is learned in grey, of looks in colour with their names at their ends. */
export function curves(
  axis: string,
  {
    learned,
    looks,
    domain,
  }: {
    readonly learned: readonly Point[];
    readonly looks: readonly Point[];
    readonly domain?: readonly [number, number];
  },
): string {
  const at = { x: 'x', y: 'y' } as const;
  return chart(`${axis} over steps`, {
    ...{ height: 300, marginLeft: 60, marginRight: 110, marginBottom: 40 },
    x: { label: 'steps' },
    y: { label: axis, grid: true, nice: true, ...(domain && { domain }) },
    marks: [
      line(learned, { ...at, z: 'name', stroke: 'var(--soft)' }),
      dot(learned, { ...at, r: 1.5, fill: 'var(--soft)' }),
      line(looks, { ...at, z: 'name', stroke: 'var(--accent)' }),
      dot(looks, { ...at, fill: 'var(--accent)' }),
      text(endsOf(looks), {
        ...{ ...at, text: 'name', dx: 10, textAnchor: 'start', fill: 'var(--ink)' },
      }),
    ],
  });
}

/** The last point of each curve, where its name stands; curves that end in the same point have their names in one. */
function endsOf(all: readonly Point[]): readonly Point[] {
  const last = [...new Map(all.map((point) => [point.name, point])).values()];
  const ends = new Map<string, Point>();
  for (const point of last) {
    const place = `${point.x} ${point.y}`;
    const there = ends.get(place);
    ends.set(place, there ? { ...there, name: `${there.name}, ${point.name}` } : point);
  }
  return [...ends.values()];
}

/** A list in pieces of one size, the last as long as it comes. */
export function inRuns<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return all.flatMap((_, i) => (i % size === 0 ? [all.slice(i, i + size)] : []));
}

/** A drawing with what is seen in it. */
export const section = (label: string, svg: string, caption: string): string =>
  `<section><h2>${escapeMarkup(label)}</h2><figure>${svg}<figcaption class="note">${escapeMarkup(caption)}</figcaption></figure></section>`;
