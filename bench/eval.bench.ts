import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { splitOf } from '#dramatis/corpus/splits/split.js';
import type { Results, RunRecord } from '#dramatis/eval/results.js';
import { allTasks } from '#dramatis/eval/tasks/all.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { cli, finished, json, type Rate, speedCommand } from './program.ts';
import { results as folder, type Row, rowOf } from './record.ts';

/**
 * The routine suite: every task on the scenes held out, one character, the default model. Seconds a task, tokens a
 * second beside the model's own prompt speed in the same minutes, and memory; and the items of both plays. The results
 * stay in bench/results.
 */
export async function* run(): AsyncGenerator<Row> {
  yield rowOf('eval', 'items of all tasks, both plays, from their parsed text', 's', [
    await makeItems(),
  ]);
  const { path } = await resolveModel('smollm2-135m', {});
  const file = fileURLToPath(new URL('hamlet-smollm2-135m.json', folder));
  const before = await promptSpeed(path);
  await finished(process.execPath, [
    ...[cli, 'eval', '--character', 'hamlet', '--gpu', 'off', '--offline'],
    ...['--fresh', '--json', file],
  ]);
  const after = await promptSpeed(path);
  const record = JSON.parse(await readFile(`${file}.run.json`, 'utf8')) as RunRecord;
  const conditions = { model: 'smollm2-135m', character: 'hamlet', split: 'holdout', limit: 32 };
  yield rowOf('eval', 'pp512 before and after', 'tokens/s', [...before, ...after]);
  yield rowOf('eval', 'whole suite', 's', [record.seconds], conditions);
  yield rowOf('eval', 'peak resident memory', 'MiB', [record.peakMiB], conditions);
  const results = JSON.parse(await readFile(file, 'utf8')) as Results;
  for (const { task, metrics } of results.tasks) {
    const { metric, unit, floor, rows } = metrics[0]!;
    for (const row of ['subject', 'base', 'original']) {
      const { value, low, high, n, clusters } = rows[row] ?? {};
      if (value === undefined || value === null) continue;
      const interval = { low, high, items: n, scenes: clusters, floor };
      const figures = { ...conditions, ...interval };
      yield rowOf('eval', `${task}, ${metric}: ${row}`, unit, [value], figures);
    }
  }
  const speed = mean([...before, ...after]);
  for (const [task, { seconds, tokensPerSecond }] of Object.entries(record.tasks)) {
    yield rowOf('eval', `${task}`, 's', [seconds], conditions);
    if (tokensPerSecond === 0) continue;
    yield rowOf('eval', `${task}: tokens over pp512`, 'ratio', [tokensPerSecond / speed], {
      ...conditions,
      tokensPerSecond,
    });
  }
}

async function makeItems(): Promise<number> {
  const opened = await Promise.all(['hamlet', 'macbeth'].map((id) => openPlay(id)));
  const start = performance.now();
  for (const { id, play, sha256 } of opened) {
    const source = { id, play, sha256, split: splitOf(id, play) };
    for (const task of allTasks) task.items(source);
  }
  return (performance.now() - start) / 1000;
}

async function promptSpeed(model: string): Promise<readonly number[]> {
  const command = speedCommand(model, 'auto', '-p', '512', '-n', '0', '-r', '3');
  const rates = await json<Rate[]>(process.execPath, command);
  return rates.flatMap(({ samples_ts }) => samples_ts);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
