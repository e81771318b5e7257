import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

/**
 * Stock llama.cpp with nothing rounded on the way, keys and values in F32: `node peer-log-probabilities.js MODEL THREADS
 * TOKENS ASKED`, the last two as JSON. `ASKED[i]` are tokens that may follow token i; on stdout their log-probabilities.
 */
const [path = '', threads = '2', text = '[]', asked = '[]'] = process.argv.slice(2);
const tokens = JSON.parse(text) as number[];
const wanted = JSON.parse(asked) as number[][];
const llama = await getLlama({
  gpu: false,
  logLevel: LlamaLogLevel.disabled,
  build: 'never',
});
const model = await llama.loadModel({ modelPath: path });
const context = await model.createContext({
  contextSize: 256,
  threads: Number(threads),
  flashAttention: false,
  experimentalKvCacheKeyType: 'F32',
  experimentalKvCacheValueType: 'F32',
});
const found = await context
  .getSequence()
  .controlledEvaluate(tokens.map((token) => [token as never, { generateNext: { logits: true } }]));
const rows = found.map((one, i) => {
  const logits: ReadonlyMap<number, number> = one!.next.logits!;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of logits.values()) most = Math.max(most, value);
  let sum = 0;
  for (const value of logits.values()) sum += Math.exp(value - most);
  return wanted[i]!.map((token) => logits.get(token)! - most - Math.log(sum));
});
console.log(JSON.stringify({ rows }));
process.exit(0);
