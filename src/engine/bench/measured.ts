import type { AdapterMeasurement } from './adapter-speed.ts';
import type { GrammarSpeedRow } from './grammar-speed.ts';
import type { SpeedRow } from './speed.ts';

/** What `dramatis bench` measures, in the order in which it does. */
export const benchNames = [
  'speed',
  'threads',
  'context',
  'batch',
  'adapters',
  'grammar',
  'train',
  'start',
  'stage',
] as const;
export type BenchName = (typeof benchNames)[number];

/** One thing that was measured on this machine, with every sample of it. */
export interface Measured {
  readonly bench: BenchName;
  /** What was measured, in the same words in every version: two files are compared by `bench`, `what` and `at`. */
  readonly what: string;
  readonly unit: 'tokens/s' | 'ms' | 'µs' | 's' | 'MiB' | '%' | '×' | 'times';
  /** Null where neither is better. */
  readonly higherIsBetter: boolean | null;
  /** Where on a curve it lies, such as `{ context: 2048 }`; empty for what is on none. */
  readonly at: Readonly<Record<string, number>>;
  readonly samples: readonly number[];
}

/** A test of `measureSpeed`: "pp512" and "tg128", as llama-bench calls them. */
export const measuredSpeed = ({ n_prompt, n_gen, samples_ts }: SpeedRow): Measured => ({
  ...{ bench: 'speed', unit: 'tokens/s', higherIsBetter: true, at: {} },
  what: n_prompt > 0 ? `pp${n_prompt}` : `tg${n_gen}`,
  samples: samples_ts,
});

/** What an adapter costs in the bank; and, where it was measured beside it, by llama.cpp's own means. */
export function measuredAdapters({ what, unit, ours, stock }: AdapterMeasurement): Measured[] {
  const row = (name: string, samples: readonly number[]): Measured => ({
    ...{ bench: 'adapters', what: name, unit, at: {}, samples },
    higherIsBetter: unit === 'times' ? null : false,
  });
  const own = row(what, ours);
  return stock.length > 0 ? [own, row(`${what}, llama.cpp's own`, stock)] : [own];
}

/** Microseconds of a weighted grammar for each token, and of llama.cpp's own sampler in the same states: means. */
export function measuredGrammar({ grammar, ours_us, stock_us }: GrammarSpeedRow): Measured[] {
  const row = (what: string, mean: number): Measured => ({
    ...{ bench: 'grammar', what, unit: 'µs', higherIsBetter: false, at: {}, samples: [mean] },
  });
  return [row(grammar, ours_us.mean), row(`${grammar}, llama.cpp's own`, stock_us.mean)];
}
