import type { Measured } from '../../engine/bench/measured.ts';
import { median } from '../../median.ts';
import type { SpeedComparison, SpeedComparisons } from '../../workspace/bench/compare-speed.ts';
import { fitted, textRow, wrapped } from '../bench/text-row.ts';

/** Widths of the columns, figures to the right. */
const widths = [44, -10, 8, -8];
const comparedWidths = [42, -7, -16, 11];

/** A row in a line: what, where on its curve, its median and how far its samples are spread. */
export function speedLine(row: Measured): string {
  const spread = spreadOf(row.samples);
  const cells = [nameOf(row), figureText(median(row.samples)), row.unit];
  return fitted(textRow([...cells, spread === '' ? '' : `± ${spread}`], widths));
}

/** Two runs set against each other, the first over the second, in lines of at most 80 columns. */
export function speedComparisonText({ rows, differences }: SpeedComparisons): string {
  if (rows.length === 0) return 'The two have no row in common.';
  return [
    ...differences.flatMap((one) => wrapped(`Not of the program alone: ${one}.`)),
    textRow(['', 'ratio', '95 % interval', 'verdict'], comparedWidths),
    ...rows.map(comparedLine),
  ]
    .map(fitted)
    .join('\n');
}

function comparedLine({ row, ratio, interval, verdict }: SpeedComparison): string {
  const range = interval ? `[${interval[0].toFixed(3)}, ${interval[1].toFixed(3)}]` : '';
  return textRow([`${row.bench} ${nameOf(row)}`, ratio.toFixed(3), range, verdict], comparedWidths);
}

/** Such as "generation, context 2,048". */
export const nameOf = ({ what, at }: Measured): string =>
  [what, ...Object.entries(at).map(([of, value]) => `${of} ${value.toLocaleString('en')}`)].join(
    ', ',
  );

/** A figure in three digits or more. */
export function figureText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(1) : value.toPrecision(3);
}

/** Standard deviation over mean in percent; nothing for a single sample. */
function spreadOf(samples: readonly number[]): string {
  if (samples.length < 2) return '';
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const squares = samples.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return `${((100 * Math.sqrt(squares / (samples.length - 1))) / Math.abs(mean)).toFixed(1)} %`;
}
