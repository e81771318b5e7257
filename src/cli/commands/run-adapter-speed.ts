import {
  type AdapterFigure,
  type AdapterSpeedOptions,
  figureOf,
  measureAdapterSpeed,
} from '../../engine/bench/adapter-speed.ts';
import { type Measured, measuredAdapters } from '../../engine/bench/measured.ts';
import { modelOf, speedFile } from '../../workspace/bench/measure-machine.ts';
import { readSpeedFile } from '../../workspace/bench/speed-file.ts';
import { modelFile } from '../../workspace/model-file.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import type { BenchOptions, KeptOptions } from './bench-options.ts';
import { keep } from './run-measure.ts';

/** Fetches the model if it is not here, measures adapters on it, and prints a table or the figures. */
export async function runAdapterSpeed(
  options: BenchOptions & KeptOptions,
  tests: Pick<AdapterSpeedOptions, 'rank' | 'rounds' | 'signal'>,
): Promise<void> {
  const { threads, gpu, json, against } = options;
  const before = against === undefined ? undefined : await readSpeedFile(against);
  const date = new Date().toISOString();
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(options, progress.report);
  const path = await modelFile(dramatis, options.model, tests.signal);
  const figures: AdapterFigure[] = [];
  const rows: Measured[] = [];
  if (!json) output.line(row('', 'ours', 'stock', 'ratio', ''));
  for await (const measured of measureAdapterSpeed(path, { ...tests, threads, gpu })) {
    const figure = figureOf(measured);
    figures.push(figure);
    rows.push(...measuredAdapters(measured));
    if (!json) output.line(line(figure));
  }
  if (json) output.json(figures);
  if (options.out === undefined && before === undefined) return;
  const about = await modelOf(dramatis, { ...options, signal: tests.signal });
  const file = speedFile(dramatis, { date, model: about.model, rows });
  await keep(file, before, { ...options, isOwnJson: true });
}

function line({ what, ours, stock, ratio, unit }: AdapterFigure): string {
  return row(what, `${ours}`, `${stock ?? ''}`, ratio === null ? '' : ratio.toFixed(3), unit);
}

function row(what: string, ours: string, stock: string, ratio: string, unit: string): string {
  const cells = [ours.padStart(9), stock.padStart(9), unit.padEnd(6), ratio.padStart(6)];
  return `${what.padEnd(72)}${cells.join(' ')}`.trimEnd();
}
