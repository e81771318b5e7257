import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { json, type Rate, speedCommand } from './program.ts';
import { type Row, rowOf } from './record.ts';

const rounds = 3;
const peer = fileURLToPath(new URL('./peer-node-llama-cpp.js', import.meta.url));

/**
 * pp512 and tg128 side by side in one run: Dramatis, node-llama-cpp with libuv's pool as it comes and held to one
 * thread, and llama-bench where LLAMA_BENCH names it. In turn, three rounds, a process each; every repetition of
 * every round is a sample.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const common = ['-p', '512', '-n', '128', '-r', '5'];
  const contenders: Record<string, () => Promise<Rate[]>> = {
    Dramatis: () => json(process.execPath, speedCommand(path, String(threads), ...common)),
    'Dramatis, threads auto': () => json(process.execPath, speedCommand(path, 'auto', ...common)),
    'node-llama-cpp': () => json(process.execPath, [peer, path, String(threads)]),
    'node-llama-cpp, UV_THREADPOOL_SIZE=1': () =>
      json(process.execPath, [peer, path, String(threads)], { UV_THREADPOOL_SIZE: '1' }),
  };
  const llamaBench = process.env.LLAMA_BENCH;
  if (llamaBench) {
    contenders['llama-bench'] = () =>
      json(llamaBench, ['-m', path, '-o', 'json', '-t', String(threads), ...common]);
  }
  const samples = new Map<string, { prompt: number[]; generated: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const kept = samples.get(name) ?? { prompt: [], generated: [] };
      samples.set(name, kept);
      for (const rate of await measure()) {
        (rate.n_prompt > 0 ? kept.prompt : kept.generated).push(...rate.samples_ts);
      }
    }
  }
  for (const [name, { prompt, generated }] of samples) {
    yield rowOf('speed', `${name}: pp512`, 'tokens/s', prompt, { threads });
    yield rowOf('speed', `${name}: tg128`, 'tokens/s', generated, { threads });
  }
}
