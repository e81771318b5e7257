import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { json, type Rate, speedCommand, start } from './program.ts';
import { type Row, rowOf } from './record.ts';

/** How generation fares beside neighbours: with the count fixed, and with the count the engine chooses. */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const cores = usableCores().count;
  const measure = async (threads: string, prefix: readonly string[] = []): Promise<number[]> => {
    const args = speedCommand(path, threads, '-p', '32', '-n', '128', '-r', '5');
    const [program = '', ...rest] = [...prefix, process.execPath, ...args];
    const rates = await json<Rate[]>(program, rest);
    return rates.flatMap((rate) => (rate.n_prompt === 0 ? [...rate.samples_ts] : []));
  };
  const row = (name: string, samples: readonly number[]): Row =>
    rowOf('threads', `tg128 ${name}`, 'tokens/s', samples, { cores });

  yield row(`alone, ${cores} threads`, await measure(String(cores)));
  yield row('alone, 1 thread', await measure('1'));
  yield row('alone, auto', await measure('auto'));
  for (const neighbours of [1, 2]) {
    const loops = Array.from({ length: neighbours }, () =>
      start(process.execPath, ['-e', 'for (;;);']),
    );
    try {
      const beside = `beside ${neighbours} busy loop${neighbours > 1 ? 's' : ''}`;
      yield row(`${beside}, 1 thread`, await measure('1'));
      yield row(`${beside}, ${cores} threads`, await measure(String(cores)));
      yield row(`${beside}, auto`, await measure('auto'));
    } finally {
      for (const loop of loops) loop.kill('SIGKILL');
    }
  }
  yield row('on one CPU (taskset), auto', await measure('auto', ['taskset', '-c', '0']));
  const both = await Promise.all([measure('auto'), measure('auto')]);
  yield row('two at once, auto, the first', both[0]!);
  yield row('two at once, auto, the second', both[1]!);
}
