import { measuredSpeed } from '../../engine/bench/measured.ts';
import { measureSpeed, type SpeedOptions, type SpeedRow } from '../../engine/bench/speed.ts';
import { compute, gpuLayers } from '../../engine/compute.ts';
import { usableCores } from '../../engine/cores.ts';
import { recordSpeed } from '../../engine/machine-settings.ts';
import type { Model } from '../../engine/model.ts';
import { Settings } from '../../store/settings.ts';
import { modelOf, speedFile } from '../../workspace/bench/measure-machine.ts';
import { readSpeedFile } from '../../workspace/bench/speed-file.ts';
import { openDramatis } from '../open-dramatis.ts';
import { OpeningProgress } from '../terminal/opening-progress.ts';
import { messages, output } from '../terminal/output.ts';
import type { BenchOptions, KeptOptions } from './bench-options.ts';
import { keep } from './run-measure.ts';

/** Fetches the model if it is not here, measures it, and prints a line or an object a test. */
export async function runSpeed(
  options: BenchOptions & KeptOptions,
  tests: Omit<SpeedOptions, 'threads' | 'gpuLayers' | 'onRepetition'>,
): Promise<void> {
  const { threads, gpu, json, against } = options;
  const { signal } = tests;
  const before = against === undefined ? undefined : await readSpeedFile(against);
  const date = new Date().toISOString();
  using progress = new OpeningProgress();
  progress.begin('Opening the model');
  const dramatis = await openDramatis(options, progress.report);
  using opened = await dramatis.model(options.model, { signal });
  const { model } = opened;
  const addon = compute(dramatis.compute);
  const shown = process.stderr.isTTY && !process.env.CI;
  const rows: SpeedRow[] = [];
  progress.clear();
  if (!json) output.line(header(model));
  for await (const row of measureSpeed(model, addon, {
    ...tests,
    threads: threads === 'auto' ? usableCores().count : threads,
    gpuLayers: gpuLayers(addon, gpu, dramatis.compute.rpc),
    onRepetition: (test, i) => {
      if (!shown) return;
      messages.wipeLine();
      messages.text(`${test} ${i}/${tests.repetitions}`);
    },
  })) {
    if (shown) messages.wipeLine();
    rows.push(row);
    if (!json) output.line(line(row));
  }
  const settings = await Settings.open();
  for (const one of rows) await recordSpeed(settings, model, one);
  if (json) output.json(rows);
  if (options.out === undefined && before === undefined) return;
  const about = await modelOf(dramatis, options);
  const file = speedFile(dramatis, { date, model: about.model, rows: rows.map(measuredSpeed) });
  await keep(file, before, { ...options, isOwnJson: true });
}

function header(model: Model): string {
  const mebibytes = (model.info.bytes / 2 ** 20).toFixed(1);
  const millions = (model.info.parameters / 1e6).toFixed(1);
  return `${model.info.description}  ${mebibytes} MiB  ${millions} M parameters\n`;
}

function line(row: SpeedRow): string {
  const test = row.n_prompt > 0 ? `pp${row.n_prompt}` : `tg${row.n_gen}`;
  const rate = `${row.avg_ts.toFixed(2)} ± ${row.stddev_ts.toFixed(2)} tokens/s`;
  return `${test.padEnd(8)}${rate}   ${row.backends}, ${row.n_threads} threads`;
}
