import { DramatisError } from '../errors.ts';
import { gateFigures } from '../registry/promotion-gate.ts';
import type { AdapterVersion, Figure } from '../registry/version.ts';
import type { MetricResult, Results, TaskResult } from './results.ts';

/**
 * What the gate looks at, from the results of a run with the version's adapter. Gain, voice and keeping are taken from dev
 * scenes; reciting from train scenes, for it is those an adapter may know by heart.
 *
 * @param from How messages call the results: a path.
 * @throws {DramatisError} RESULTS_MISMATCH if the run was with another adapter, base or text, or has none of the figures.
 */
export function figuresFrom(
  results: Results,
  version: AdapterVersion,
  from: string,
): Record<string, Figure> {
  const { subject, play, split } = results;
  const same = (what: string, found: string | undefined, wanted: string): void => {
    if (found === wanted) return;
    const message = `${from} is of ${what} ${found?.slice(0, 12) ?? 'none'}, not ${wanted.slice(0, 12)}`;
    throw new DramatisError('RESULTS_MISMATCH', message);
  };
  same('the adapter', subject.adapter?.sha256, version.sha256);
  same('the base', subject.modelSha256, version.base.sha256);
  same('the text', play.sha256, version.edition);
  if (subject.adapter?.scale !== 1) same('the strength', String(subject.adapter?.scale), '1');
  const figures = figuresOf(results.tasks, split);
  if (Object.keys(figures).length > 0) return figures;
  const wanted = 'bits, voice or keep on dev, or recite on train';
  const message = `${from} has no figure for the gate: ${wanted} are looked at, this is of ${split}`;
  throw new DramatisError('RESULTS_MISMATCH', message);
}

/** The figures that tasks asked on a split give. */
export function figuresOf(
  tasks: readonly TaskResult[],
  split: Results['split'],
): Record<string, Figure> {
  const metric = (task: string, name: string): MetricResult | undefined =>
    tasks.find((one) => one.task === task)?.metrics.find((one) => one.metric === name);
  const found: Record<string, Figure | undefined> =
    split === 'dev'
      ? {
          [gateFigures.bits]: against(metric('bits', 'own'), -1),
          [gateFigures.voice]: own(metric('voice', 'AUC')),
          [gateFigures.keep]: changeOf(metric('keep', 'bits of prose')),
        }
      : {
          [gateFigures.recite]: split === 'train' ? own(metric('recite', 'extracted')) : undefined,
        };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, one]) => (one ? [[name, one]] : [])),
  );
}

function own(metric: MetricResult | undefined): Figure | undefined {
  const row = metric?.rows.subject;
  return row && { value: row.value, low: row.low, high: row.high, n: row.n };
}

/**
 * The subject minus the same without its adapter, times `factor`: where there was a persona, minus the prompted base,
 * or the gain would be the persona's.
 */
function against(metric: MetricResult | undefined, factor: number): Figure | undefined {
  const difference = metric?.differences['prompted base'] ?? metric?.differences.base;
  const n = metric?.rows.subject?.n;
  if (!difference || n === undefined) return undefined;
  const ends = [difference.low * factor, difference.high * factor].sort((a, b) => a - b);
  return { value: difference.value * factor, low: ends[0]!, high: ends[1]!, n };
}

function changeOf(metric: MetricResult | undefined): Figure | undefined {
  const base = (metric?.rows['prompted base'] ?? metric?.rows.base)?.value;
  return base ? against(metric, 1 / base) : undefined;
}
