import type { Estimate } from '../../measure/metric.ts';

/** A figure that may be missing: results read from JSON have null where a figure could not be told. */
export type Value = number | null | undefined;

/** Stands for a figure that could not be told. */
export const missing = '–';

export const isKnown = (value: Value): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** A figure in the digits its unit deserves, with a true minus sign. */
export function shown(value: Value, unit: string): string {
  if (!isKnown(value)) return missing;
  const digits = value.toFixed(unit === 'words' || unit === 'rank' ? 1 : 3);
  return Number(digits) === 0 ? digits.replace('-', '') : digits.replace('-', '−');
}

/** A number that always shows its sign: "+0.082". */
export function shownSigned(value: Value, unit: string): string {
  const digits = shown(value, unit);
  return isKnown(value) && value > 0 && Number.parseFloat(digits) !== 0 ? `+${digits}` : digits;
}

/** With fewer scenes an interval says how little is known of the scenes, and nothing of the figure. */
const fewestClusters = 3;

/** Whether a figure is from so few scenes that no interval is printed for it. */
export const isFromFew = (clusters: Value): boolean =>
  isKnown(clusters) && clusters < fewestClusters;

/**
 * An interval such as "[0.451, 0.613]"; nothing for an estimate that has none, one of no width, or one from fewer than three
 * scenes, which would reach from one end of the scale to the other.
 */
export function shownInterval(
  estimate: (Pick<Estimate, 'low' | 'high'> & { readonly clusters?: Value }) | undefined,
  unit: string,
): string {
  if (isFromFew(estimate?.clusters)) return '';
  if (!estimate || !(isKnown(estimate.low) && isKnown(estimate.high))) return '';
  if (estimate.low === estimate.high) return '';
  return `[${shown(estimate.low, unit)}, ${shown(estimate.high, unit)}]`;
}

/** A score and its interval; without one a dash and the number of items: "0.200 – (n 2)". */
export function shownEstimate(estimate: Estimate | undefined, unit: string): string {
  const value = shown(estimate?.value, unit);
  const interval = shownInterval(estimate, unit);
  if (interval !== '') return `${value} ${interval}`;
  const isAlone = isKnown(estimate?.value) && isKnown(estimate.n);
  return isAlone ? `${value} ${missing} (n ${shownRange([estimate.n])})` : value;
}

export function shownP(p: Value): string {
  if (!isKnown(p)) return missing;
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

/** "37", or "21–263". */
export function shownRange(values: readonly Value[]): string {
  const known = values.filter(isKnown);
  if (known.length === 0) return missing;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const digits = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });
  return least === most ? digits(least) : `${digits(least)}–${digits(most)}`;
}
