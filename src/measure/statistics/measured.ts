import type { Metric } from '../metric.ts';
import type { Item, Row } from '../row.ts';

/**
 * The value of one row that a metric is the mean of, or undefined if the metric does not apply to it: if it is missing
 * or NaN, which a file of JSON has as null.
 *
 * @throws {RangeError} If it is infinite: it would drown all others.
 */
export function measured<I extends Item>(metric: Metric<I>, row: Row<I>): number | undefined {
  const value = row.values[metric.name] ?? Number.NaN;
  if (Number.isNaN(value)) return undefined;
  if (!Number.isFinite(value))
    throw new RangeError(`${metric.name} of item ${row.item.id} is ${value}; a number is wanted`);
  return value;
}
