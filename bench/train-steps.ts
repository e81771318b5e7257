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
const texts = 4;
const length = 128;
const n = texts * length;
const tokens = Int32Array.from({ length: n }, (_, i) => (7919 * i) % 49_000);
const rows = Array.from({ length: n }, (_, i) => i).filter(
  (i) => i % 2 === 1 && (i + 1) % length > 0,
);
const batch = {
  tokens,
  positions: Int32Array.from({ length: n }, (_, i) => i % length),
  first: Int32Array.from({ length: n }, (_, i) => i - (i % length)),
  context: new Int32Array(2 * n),
  rows: Int32Array.from(rows),
  targets: Int32Array.from(rows, (row) => tokens[row + 1]!),
  weights: new Float32Array(rows.length).fill(1 / rows.length),
};
const adam = { rate: 3e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0, clip: 1 };
const tokensPerSecond: number[] = [];
for (let step = 0; step < 6; step++) {
  const start = performance.now();
  await trainer.pass(batch, { noise: step });
  await trainer.step(adam);
  if (step > 0) tokensPerSecond.push((1000 * n) / (performance.now() - start));
}
const { precision: used, kernels } = trainer.info;
const peakMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ tokensPerSecond, peakMiB, precision: used, kernels }));
