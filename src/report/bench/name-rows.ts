/** Mean width of a letter at 10 pixels, a little on the wide side. */
const smallLetter = 5.2;

export interface NameRows<T> {
  readonly rows: number;
  /** Each with its row, from 0: the one nearest to what is named. */
  readonly placed: readonly { readonly named: T; readonly start: number; readonly row: number }[];
}

/**
 * A row for each name, from the right to the left: a name that reaches under others to its right goes one row beyond the
 * furthest of them, so that no name is crossed by another's line.
 *
 * @param toPixel Where a name begins, by its value.
 */
export function nameRows<T extends { readonly name: string; readonly value: number }>(
  names: readonly T[],
  toPixel: (value: number) => number,
): NameRows<T> {
  const placed: { named: T; start: number; row: number }[] = [];
  for (const named of [...names].sort((a, b) => b.value - a.value)) {
    const start = toPixel(named.value);
    const end = start + 6 + named.name.length * smallLetter;
    const inReach = placed.filter((other) => other.start < end).map(({ row }) => row);
    placed.push({ named, start, row: Math.max(-1, ...inReach) + 1 });
  }
  return { placed, rows: Math.max(-1, ...placed.map(({ row }) => row)) + 1 };
}
