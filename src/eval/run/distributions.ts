import type { Metric, Spread } from '../../measure/metric.ts';
import type { Distribution } from '../results.ts';
import type { Measured } from './evaluate.ts';

/** The values behind every metric that has a spread, in the order of tasks and metrics; a row without values is left out. */
export function distributionsOf(measured: readonly Measured[]): Distribution[] {
  return measured
    .flatMap((one) =>
      one.task.metrics.flatMap((metric) =>
        metric.spread ? [distributionOf(one, metric, metric.spread)] : [],
      ),
    )
    .filter(({ rows }) => Object.keys(rows).length > 0);
}

function distributionOf(
  { task, rows }: Measured,
  { name, unit }: Metric,
  spread: Spread,
): Distribution {
  // Other anchors show that a measure is in order; nobody is to be like them.
  const others = task.anchors.map((anchor) => anchor.name).filter((row) => row !== original);
  const found = [...rows]
    .filter(([row]) => !others.includes(row))
    .map(([row, of]): [string, number[]] => {
      const values =
        row === original && spread.printed
          ? spread.printed(of.map(({ item }) => item))
          : of.flatMap((one) => spread.of(one));
      return [row, ascending(values)];
    });
  return {
    task: task.name,
    metric: name,
    unit,
    label: spread.label,
    rows: Object.fromEntries(found.filter(([, values]) => values.length > 0)),
  };
}

const original = 'original';

function ascending(values: readonly number[]): number[] {
  return values
    .filter((value) => Number.isFinite(value))
    .map((value) => Number(value.toFixed(6)))
    .sort((a, b) => a - b);
}
