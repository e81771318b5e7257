import { adam, someBatch } from '#dramatis/engine/bench/train-batch.js';
import { Trainer } from '#dramatis/engine/trainer.js';

/**
 * Measures training steps: `node train-steps.js MODEL bf16|f32|best THREADS`, JSON on stdout. Four texts of 128 tokens, half
 * of them learned, rank 16 on all matrices; one warm-up step, then five.
 */
const [path = '', precision = 'best', threads = '2'] = process.argv.slice(2);
using trainer = await Trainer.open(path, {
  rank: 16,
  alpha: 32,
  threads: Number(threads),
  gpu: 'off',
  ...(precision !== 'best' && { precision: precision as 'bf16' | 'f32' }),
});
trainer.reset(1);
const batch = someBatch(4, 128);
const tokensPerSecond: number[] = [];
for (let step = 0; step < 6; step++) {
  const start = performance.now();
  await trainer.pass(batch, { noise: step });
  await trainer.step(adam);
  if (step > 0) tokensPerSecond.push((1000 * batch.tokens.length) / (performance.now() - start));
}
const { precision: used, kernels } = trainer.info;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ tokensPerSecond, peakMiB, precision: used, kernels }));
