import { benchGrammars, measureGrammar } from '../../engine/bench/grammar-speed.ts';
import { measuredGrammar } from '../../engine/bench/measured.ts';
import { modelOf, speedFile } from '../../workspace/bench/measure-machine.ts';
import { readSpeedFile } from '../../workspace/bench/speed-file.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { output } from '../terminal/output.ts';
import type { BenchOptions, KeptOptions } from './bench-options.ts';
import { keep } from './run-measure.ts';

interface RunOptions extends BenchOptions, KeptOptions {
  readonly files: readonly string[];
}

/** Measures grammars on a vocabulary, beside llama.cpp's own sampler on the same states. */
export async function runBenchGrammar(options: RunOptions): Promise<void> {
  const { json, files, against } = options;
  const before = against === undefined ? undefined : await readSpeedFile(against);
  const date = new Date().toISOString();
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  const dramatis = await openDramatis(options, progress.report);
  using opened = await dramatis.model(options.model);
  const { model } = opened;
  progress.clear();
  const rows = [];
  for (const { name, text, texts } of await benchGrammars(files)) {
    const row = await measureGrammar(model, { name, text, texts });
    rows.push(row);
    if (json) continue;
    const { ours_us: ours, stock_us: stock } = row;
    output.line(
      `${name.padEnd(12)} ours ${us(ours.p50)} p50 ${us(ours.mean)} mean ${us(ours.p99)} p99   ` +
        `llama.cpp ${us(stock.p50)} p50 ${us(stock.mean)} mean   ${(stock.mean / ours.mean).toFixed(0)} × faster   ` +
        `${row.identical ? 'same masks' : 'OTHER MASKS'}   ${row.states} states, compiled in ${us(row.compile_us)}`,
    );
  }
  if (json) output.json(rows);
  if (options.out === undefined && before === undefined) return;
  const about = await modelOf(dramatis, options);
  const measured = rows.flatMap(measuredGrammar);
  const file = speedFile(dramatis, { date, model: about.model, rows: measured });
  await keep(file, before, { ...options, isOwnJson: true });
}

const us = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0).padStart(7)} µs`;
