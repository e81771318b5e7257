import { measureAdapterSpeed } from '#dramatis/engine/bench/adapter-speed.js';
import { adapterSpeedDefaults } from '#dramatis/engine/bench/bench-defaults.js';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { type Row, rowOf } from './record.ts';

/**
 * What adapters cost on SmolLM2-135M, rank 16 on all matrices: the bank beside llama_set_adapters_lora of the same
 * library. The engine keeps to its threads: a neighbour would be seen in the spread, not hidden.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const options = { ...adapterSpeedDefaults, threads, gpu: 'off' } as const;
  for await (const { what, unit, ours, stock } of measureAdapterSpeed(path, options)) {
    const conditions = { threads, rank: options.rank };
    yield rowOf('adapters', `bank: ${what}`, unit, ours, conditions);
    if (stock.length > 0) yield rowOf('adapters', `stock: ${what}`, unit, stock, conditions);
  }
}
