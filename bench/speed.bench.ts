import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { median } from '#dramatis/median.js';
import { json, type Rate, speedCommand } from './program.ts';
import { type Row, rowOf } from './record.ts';

const rounds = 12;
const peer = fileURLToPath(new URL('./peer-node-llama-cpp.js', import.meta.url));

/**
 * pp512 and tg128 side by side in one run: Dramatis, node-llama-cpp with libuv's pool as it comes and held to one
 * thread, and llama-bench where LLAMA_BENCH names it. In turn, twelve rounds, a process each; every repetition of
 * every round is a sample. A shared machine changes its speed by the minute, so that ratios are taken within a round.
 */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const common = ['-p', '512', '-n', '128', '-r', '1'];
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
  const perRound = new Map<string, { prompt: number[]; generated: number[] }>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(contenders)) {
      const kept = samples.get(name) ?? { prompt: [], generated: [] };
      samples.set(name, kept);
      const medians = perRound.get(name) ?? { prompt: [], generated: [] };
      perRound.set(name, medians);
      for (const rate of await measure()) {
        const test = rate.n_prompt > 0 ? 'prompt' : 'generated';
        kept[test].push(...rate.samples_ts);
        medians[test].push(median(rate.samples_ts));
      }
    }
  }
  for (const [name, { prompt, generated }] of samples) {
    yield rowOf('speed', `${name}: pp512`, 'tokens/s', prompt, { threads });
    yield rowOf('speed', `${name}: tg128`, 'tokens/s', generated, { threads });
  }
  const ours = perRound.get('Dramatis')!;
  for (const [name, peers] of perRound) {
    if (name === 'Dramatis') continue;
    const over = (test: 'prompt' | 'generated'): number[] =>
      ours[test].map((rate, round) => rate / peers[test][round]!);
    yield rowOf('speed', `Dramatis over ${name}: pp512`, 'ratio', over('prompt'), { threads });
    yield rowOf('speed', `Dramatis over ${name}: tg128`, 'ratio', over('generated'), { threads });
  }
}
