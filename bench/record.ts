import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { usableCores } from '#dramatis/engine/cores.js';
import { median } from '#dramatis/median.js';

/** One measured thing. Rates and times are medians of the samples, with their spread. */
export interface Row {
  readonly bench: string;
  readonly name: string;
  readonly unit: string;
  readonly median: number;
  /** Standard deviation over mean, in percent. */
  readonly spreadPercent?: number;
  readonly samples?: readonly number[];
  /** Whatever the row was measured with: threads, prompt, peer's version. */
  readonly with?: Readonly<Record<string, unknown>>;
}

function spreadPercent(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return square === 0 ? 0 : (100 * Math.sqrt(square)) / mean;
}

/** A row from its samples. */
export function rowOf(
  bench: string,
  name: string,
  unit: string,
  samples: readonly number[],
  conditions?: Readonly<Record<string, unknown>>,
): Row {
  const short =
    samples.length <= 64 ? { samples: samples.map((value) => Number(value.toPrecision(5))) } : {};
  return {
    bench,
    name,
    unit,
    median: Number(median(samples).toPrecision(5)),
    spreadPercent: Number(spreadPercent(samples).toFixed(2)),
    ...short,
    ...(conditions && { with: conditions }),
  };
}

export const results = new URL('../../bench/results/', import.meta.url);

/** Appends rows to bench/results/<bench>.jsonl, each with the machine, the commit and the versions. */
export function record(rows: readonly Row[]): void {
  mkdirSync(results, { recursive: true });
  const context = {
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    versions: versions(),
  };
  for (const row of rows) {
    const value = row.median >= 100 ? row.median.toFixed(1) : row.median.toPrecision(3);
    const spread = row.spreadPercent === undefined ? '' : `  ± ${row.spreadPercent.toFixed(1)} %`;
    console.log(
      `${row.bench.padEnd(10)} ${row.name.padEnd(52)} ${value.padStart(9)} ${row.unit}${spread}`,
    );
    appendFileSync(
      new URL(`${row.bench}.jsonl`, results),
      `${JSON.stringify({ ...row, ...context })}\n`,
    );
  }
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  const dirty = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'native') !== '';
  return git('rev-parse', '--short', 'HEAD') + (dirty ? '+' : '');
}

function machine(): Record<string, unknown> {
  const flags = /^flags\s*:\s*(.*)$/m.exec(readIfThere('/proc/cpuinfo'))?.[1]?.split(' ') ?? [];
  const units = ['avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16', 'amx_bf16'].filter((f) =>
    flags.includes(f),
  );
  return {
    cpu: cpus()[0]?.model ?? arch(),
    family: `${/^cpu family\s*:\s*(\d+)/m.exec(readIfThere('/proc/cpuinfo'))?.[1] ?? '?'}.${/^model\s*:\s*(\d+)/m.exec(readIfThere('/proc/cpuinfo'))?.[1] ?? '?'}`,
    cores: usableCores().count,
    units,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${platform()}-${arch()}`,
  };
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function versions(): Record<string, string> {
  const peer = readFileSync(
    new URL('../../node_modules/node-llama-cpp/package.json', import.meta.url),
    'utf8',
  );
  return {
    node: process.version,
    'node-llama-cpp': (JSON.parse(peer) as { version: string }).version,
  };
}
