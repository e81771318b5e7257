import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

/** Measures node-llama-cpp as `bench speed` measures us: `node peer-node-llama-cpp.js MODEL THREADS`, JSON on stdout. */
const [path = '', threads = '2'] = process.argv.slice(2);
const repetitions = 5;

const llama = await getLlama({
  gpu: false,
  maxThreads: 0,
  logLevel: LlamaLogLevel.disabled,
  build: 'never',
});
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: 512,
  batchSize: 512,
  threads: Number(threads),
});
const sequence = context.getSequence();
const vocabulary = 49_000;
const tokens = (n: number, first: number) =>
  Array.from({ length: n }, (_, i) => ((first + 7919 * i) % vocabulary) as never);

const prompt: number[] = [];
const generated: number[] = [];
for (let i = 0; i <= repetitions; i++) {
  await sequence.clearHistory();
  let start = performance.now();
  const read = tokens(512, i + 1);
  await sequence.controlledEvaluate([
    ...read.slice(0, -1),
    [read.at(-1)!, { generateNext: { token: true } }],
  ]);
  if (i > 0) prompt.push((512 * 1000) / (performance.now() - start));

  await sequence.clearHistory();
  let n = 0;
  const stream = sequence.evaluate(tokens(1, i + 5), { temperature: 0, yieldEogToken: true });
  await stream.next();
  start = performance.now();
  for (; n < 128; n++) await stream.next();
  if (i > 0) generated.push((128 * 1000) / (performance.now() - start));
  await stream.return?.(undefined as never);
}
const mean = (values: readonly number[]): number =>
  values.reduce((sum, v) => sum + v, 0) / values.length;
process.stdout.write(
  JSON.stringify([
    { n_prompt: 512, avg_ts: mean(prompt), samples_ts: prompt },
    { n_prompt: 0, avg_ts: mean(generated), samples_ts: generated },
  ]),
  () => process.exit(0),
);
