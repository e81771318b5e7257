import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { json } from './program.ts';
import { type Row, rowOf } from './record.ts';

const steps = 2000;
const every = 200;
const child = fileURLToPath(new URL('./leak-steps.js', import.meta.url));

/** Two thousand steps on SmolLM2-135M with batches of all sizes, in a process of its own: its resident memory on the way. */
export async function* run(): AsyncGenerator<Row> {
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  const args = ['--expose-gc', child, path, String(steps), String(every), String(threads)];
  const resident = await json<number[]>(process.execPath, args);
  const conditions = { threads, every, rank: 16 };
  yield rowOf('leak', `resident memory over ${steps} training steps`, 'MiB', resident, conditions);
  const grown = resident.at(-1)! - resident[0]!;
  const name = `growth from step ${every} to step ${steps}`;
  yield { bench: 'leak', name, unit: 'MiB', median: grown, with: conditions };
}
