import { compute, type Gpu, gpuLayers, type Threads } from '../engine/compute.ts';
import { Model } from '../engine/model.ts';
import { measureSpeed, type SpeedRow } from '../eval/speed.ts';
import { resolveModel } from '../hub/models.ts';
import { fetchProgress } from './progress.ts';

interface RunSpeedOptions {
  readonly model: string;
  readonly threads: Threads;
  readonly gpu: Gpu;
  readonly offline: boolean;
  readonly acceptLicence: boolean;
  readonly promptTokens: number;
  readonly generatedTokens: number;
  readonly repetitions: number;
  readonly json: boolean;
  readonly signal: AbortSignal;
  readonly commit: string;
}

export async function runSpeed(options: RunSpeedOptions): Promise<void> {
  const { offline, acceptLicence, signal, threads, gpu } = options;
  const { path } = await resolveModel(options.model, {
    offline,
    acceptLicence,
    signal,
    onProgress: fetchProgress(),
  });
  const addon = compute({ threads, gpu });
  using model = await Model.open(path, { threads, gpu, signal });
  const shown = process.stderr.isTTY && !process.env.CI;
  const rows: SpeedRow[] = [];
  if (!options.json) console.log(header(model));
  for await (const row of measureSpeed(model, addon, {
    ...options,
    gpuLayers: gpuLayers(addon, gpu),
    onRepetition: (test, i) => {
      if (shown) process.stderr.write(`\r\x1b[K${test} ${i}/${options.repetitions}`);
    },
  })) {
    if (shown) process.stderr.write('\r\x1b[K');
    rows.push(row);
    if (!options.json) console.log(line(row));
  }
  if (options.json) console.log(JSON.stringify(rows, null, 2));
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
