import { stringify } from 'csv-stringify/sync';
import { leversOf, type MetricResult, type TaskResult } from '../../eval/results.ts';
import type { Difference, Estimate } from '../../measure/metric.ts';
import { distributionIn, quantileOf } from './distribution.ts';
import { isKnown } from './number.ts';
import type { MarkedRun } from './run.ts';

type Cell = string | number | null;

/** Every estimate of these runs: one line for each run, task, metric and row. A figure that could not be told is empty. */
export function benchCsv(runs: readonly MarkedRun[]): string {
  const lines = runs.flatMap((run) =>
    run.results.tasks.flatMap((task) =>
      task.metrics.flatMap((metric) =>
        Object.entries(metric.rows).map(([row, estimate]) => ({
          ...runCells(run),
          ...metricCells(task, metric),
          row,
          ...estimateCells(estimate),
          ...differenceCells(metric.differences[row]),
          ...quantileCells(run, task, metric, row),
        })),
      ),
    ),
  );
  return stringify(lines, { header: true, columns });
}

/** Columns for the values behind a figure, and what share of them is not greater. */
const quantiles = { min: 0, q10: 0.1, q25: 0.25, q50: 0.5, q75: 0.75, q90: 0.9, max: 1 } as const;

const columns = [
  ...['run', 'label', 'model', 'model_sha256', 'adapter_sha256', 'persona', 'memory', 'levers'],
  ...['play', 'play_sha256', 'character', 'split', 'split_sha256', 'folds', 'limit', 'seed'],
  ...['task', 'task_version', 'metric', 'unit', 'higher_is_better', 'floor', 'ceiling', 'row'],
  ...['value', 'low', 'high', 'method', 'draws', 'stderr', 'n', 'n_eff', 'clusters'],
  ...['difference', 'difference_low', 'difference_high', 'p', 'p_holm', 'detectable'],
  ...['spread', 'spread_n', ...Object.keys(quantiles)],
];

function runCells({ letter, label, results }: MarkedRun): Record<string, Cell> {
  const { subject, play } = results;
  return {
    run: letter,
    label,
    model: subject.model,
    model_sha256: subject.modelSha256,
    adapter_sha256: subject.adapter?.sha256 ?? null,
    persona: String(subject.persona),
    memory: String(subject.memory),
    levers: leversOf(subject).join(' '),
    play: play.id,
    play_sha256: play.sha256,
    character: results.character,
    split: results.split,
    split_sha256: results.splitSha256,
    folds: results.folds,
    limit: results.limit,
    seed: results.seed,
  };
}

function metricCells(task: TaskResult, metric: MetricResult): Record<string, Cell> {
  return {
    task: task.task,
    task_version: task.version,
    metric: metric.metric,
    unit: metric.unit,
    higher_is_better: metric.higherIsBetter === null ? null : String(metric.higherIsBetter),
    floor: known(metric.floor),
    ceiling: known(metric.ceiling),
  };
}

function estimateCells(estimate: Estimate): Record<string, Cell> {
  return {
    value: known(estimate.value),
    low: known(estimate.low),
    high: known(estimate.high),
    method: estimate.method,
    draws: known(estimate.draws),
    stderr: known(estimate.stderr),
    n: known(estimate.n),
    n_eff: known(estimate.nEff),
    clusters: known(estimate.clusters),
  };
}

/** The run's subject minus this row. */
function differenceCells(difference: Difference | undefined): Record<string, Cell> {
  return {
    difference: known(difference?.value),
    difference_low: known(difference?.low),
    difference_high: known(difference?.high),
    p: known(difference?.p),
    p_holm: known(difference?.pHolm),
    detectable: known(difference?.detectable),
  };
}

/** Quantiles of the values one by one, which may be others than those of the figure: `spread` says what they are. */
function quantileCells(
  { results }: MarkedRun,
  { task }: TaskResult,
  { metric }: MetricResult,
  row: string,
): Record<string, Cell> {
  const found = distributionIn(results, { task, metric });
  const values = found?.rows[row];
  if (!found || !values || values.length === 0) return {};
  const cells = Object.entries(quantiles).map(([column, share]) => [
    column,
    quantileOf(values, share),
  ]);
  return { spread: found.label, spread_n: values.length, ...Object.fromEntries(cells) };
}

const known = (value: number | null | undefined): number | null => (isKnown(value) ? value : null);
