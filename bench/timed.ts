import { Bench, type BenchOptions } from 'tinybench';
import { type Row, rowOf } from './record.ts';

/** Runs functions under tinybench: a row of milliseconds each. */
export async function* timed(
  bench: string,
  tasks: Readonly<Record<string, () => unknown>>,
  options: BenchOptions = {},
): AsyncGenerator<Row> {
  const runner = new Bench({
    time: 1000,
    warmupTime: 200,
    retainSamples: true,
    throws: true,
    ...options,
  });
  for (const [name, task] of Object.entries(tasks))
    runner.add(name, async () => void (await task()));
  await runner.run();
  for (const task of runner.tasks) {
    const result = task.result;
    if (!('latency' in result)) throw new Error(`${task.name} gave no result`);
    yield rowOf(bench, task.name, 'ms', result.latency.samples ?? [result.latency.p50]);
  }
}
