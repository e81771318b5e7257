import type { Distribution, Results } from '../../eval/results.ts';
import type { MarkSymbol } from './legend.ts';
import type { MarkedRun } from './run.ts';

/** One row's values beside the others' of the same metric. */
export interface DistributionLine {
  /** "A", "A base", "original"; "original B" where the runs have different ones. */
  readonly name: string;
  readonly isOriginal: boolean;
  /** Mark as in the figure of scores: hollow for the base model, the saltire for the prompted one; originals have the diamond. */
  readonly symbol: MarkSymbol;
  readonly isFilled: boolean;
  /** Ascending. */
  readonly values: readonly number[];
}

/** All lines of a metric. */
export interface DistributionPanel {
  readonly task: string;
  readonly metric: string;
  readonly unit: string;
  readonly label: string;
  /** The originals first: they are thick, and what is drawn over them is still seen. */
  readonly lines: readonly DistributionLine[];
}

/** The metrics of these runs that have distributions, in the order they first come. */
export function panelsOf(runs: readonly MarkedRun[]): DistributionPanel[] {
  const found = new Map<string, Distribution>();
  for (const { results } of runs)
    for (const one of results.distributions ?? [])
      if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  return [...found.values()].map(({ task, metric, unit, label }) => ({
    task,
    metric,
    unit,
    label,
    lines: linesOf(runs, { task, metric }),
  }));
}

type Named = Pick<Distribution, 'task' | 'metric'>;

const keyOf = ({ task, metric }: Named): string => JSON.stringify([task, metric]);

/** The distribution of one metric in a run, if it has one. */
export function distributionIn(results: Results, named: Named): Distribution | undefined {
  return results.distributions?.find((one) => keyOf(one) === keyOf(named));
}

function linesOf(runs: readonly MarkedRun[], named: Named): DistributionLine[] {
  const own = runs.flatMap(({ letter, symbol, results }): DistributionLine[] => {
    const { subject, original: _, ...bare } = distributionIn(results, named)?.rows ?? {};
    const lines = subject ? [lineOf(letter, subject, symbol, true)] : [];
    // What several runs had before anything was done to them would hide the runs themselves.
    if (runs.length > 1) return lines;
    const others = Object.entries(bare).map(([row, of]) =>
      lineOf(`${letter} ${row}`, of, row === 'base' ? symbol : 'times', false),
    );
    return [...lines, ...others];
  });
  const originals = new Map<string, { values: readonly number[]; letters: string[] }>();
  for (const { letter, results } of runs) {
    const values = distributionIn(results, named)?.rows.original;
    if (!values) continue;
    const key = values.join();
    const same = originals.get(key) ?? { values, letters: [] };
    same.letters.push(letter);
    originals.set(key, same);
  }
  const printed = [...originals.values()].map(({ values, letters }) => {
    const which = originals.size === 1 ? '' : ` ${letters.join(', ')}`;
    return { ...lineOf(`original${which}`, values, 'diamond', false), isOriginal: true };
  });
  return [...printed, ...own];
}

function lineOf(
  name: string,
  values: readonly number[],
  symbol: MarkSymbol,
  isFilled: boolean,
): DistributionLine {
  return { name, isOriginal: false, symbol, isFilled, values };
}

/**
 * The least value that at least a share of the values does not exceed: where the steps of `stepsOf` reach that height.
 *
 * @param values Ascending, at least one.
 * @param share  0 for the least value, 1 for the greatest.
 */
export function quantileOf(values: readonly number[], share: number): number {
  // Shares such as 0.9 are a little more or less than that: 0.9 of ten values is nine.
  const rank = Math.ceil(share * values.length - 1e-9);
  return values[Math.max(0, rank - 1)]!;
}

/** A corner of a step. */
export interface Step {
  readonly value: number;
  /** Share of the values that are not greater. */
  readonly share: number;
}

/**
 * The empirical distribution function from 0, below the least value, to 1.
 *
 * @param values Ascending, at least one.
 */
export function stepsOf(values: readonly number[]): Step[] {
  const steps: Step[] = [{ value: values[0]!, share: 0 }];
  values.forEach((value, i) => {
    if (value !== values[i + 1]) steps.push({ value, share: (i + 1) / values.length });
  });
  return steps;
}
