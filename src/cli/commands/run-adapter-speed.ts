import {
  type AdapterFigure,
  type AdapterSpeedOptions,
  figureOf,
  measureAdapterSpeed,
} from '../../engine/bench/adapter-speed.ts';
import { modelFile } from '../../workspace/model-file.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import type { BenchOptions } from './bench-options.ts';

/** Fetches the model if it is not here, measures adapters on it, and prints a table or the figures. */
export async function runAdapterSpeed(
  options: BenchOptions,
  tests: Pick<AdapterSpeedOptions, 'rank' | 'rounds' | 'signal'>,
): Promise<void> {
  const { threads, gpu, json } = options;
  using progress = new OpeningProgress();
  const dramatis = await openDramatis(options, progress.report);
  const path = await modelFile(dramatis, options.model, tests.signal);
  const figures: AdapterFigure[] = [];
  if (!json) output.line(row('', 'ours', 'stock', 'ratio', ''));
  for await (const measured of measureAdapterSpeed(path, { ...tests, threads, gpu })) {
    const figure = figureOf(measured);
    figures.push(figure);
    if (!json) output.line(line(figure));
  }
  if (json) output.json(figures);
}

function line({ what, ours, stock, ratio, unit }: AdapterFigure): string {
  return row(what, `${ours}`, `${stock ?? ''}`, ratio === null ? '' : ratio.toFixed(3), unit);
}

function row(what: string, ours: string, stock: string, ratio: string, unit: string): string {
  const cells = [ours.padStart(9), stock.padStart(9), unit.padEnd(6), ratio.padStart(6)];
  return `${what.padEnd(72)}${cells.join(' ')}`.trimEnd();
}
