import { adam, someBatch } from '#dramatis/engine/bench/train-batch.js';
import { Trainer } from '#dramatis/engine/trainer.js';

/**
 * Trains so many steps on batches of all sizes: `node --expose-gc leak-steps.js MODEL STEPS EVERY THREADS`; on stdout the
 * resident memory in MiB after every so many, as JSON.
 */
const [path = '', steps = '2000', every = '250', threads = '2'] = process.argv.slice(2);
using trainer = await Trainer.open(path, {
  rank: 16,
  alpha: 32,
  gpu: 'off',
  threads: Number(threads),
});
trainer.reset(1);
const residentMiB: number[] = [];
for (let step = 1; step <= Number(steps); step++) {
  // Both the number of texts and their length change: 24 to 135 tokens.
  await trainer.pass(someBatch(1 + (step % 3), 24 + ((7 * step) % 22)), { noise: step });
  await trainer.step(adam);
  if (step % Number(every) > 0) continue;
  globalThis.gc?.();
  residentMiB.push(process.memoryUsage().rss / 2 ** 20);
}
console.log(JSON.stringify(residentMiB));
