import { type Row, record } from './record.ts';

/**
 * `npm run bench [-- name …]`: the benches named, or all. Each is a module whose `run` measures and gives its rows.
 * Run it on a quiet machine: the rows of one bench are compared with each other.
 */
const benches: Record<string, () => Promise<{ run(): AsyncIterable<Row> }>> = {
  parse: () => import('./parse.bench.ts'),
  engine: () => import('./engine.bench.ts'),
  recall: () => import('./recall.bench.ts'),
  gate: () => import('./gate.bench.ts'),
  hnsw: () => import('./hnsw-crossover.bench.ts'),
  speed: () => import('./speed.bench.ts'),
  threads: () => import('./threads.bench.ts'),
  eval: () => import('./eval.bench.ts'),
  adapters: () => import('./adapters.bench.ts'),
  train: () => import('./train.bench.ts'),
  oracle: () => import('./oracle.bench.ts'),
  beside: () => import('./beside.bench.ts'),
  bases: () => import('./bases.bench.ts'),
  epoch: () => import('./epoch.bench.ts'),
  leak: () => import('./leak.bench.ts'),
  grammar: () => import('./grammar.bench.ts'),
  'grammar-masks': () => import('./grammar-masks.bench.ts'),
  'grammar-replies': () => import('./grammar-replies.bench.ts'),
  start: () => import('./start.bench.ts'),
  levers: () => import('./levers.bench.ts'),
  poison: () => import('./poison.bench.ts'),
  turns: () => import('./turns.bench.ts'),
  serve: () => import('./serve.bench.ts'),
  page: () => import('./page.bench.ts'),
  rpc: () => import('./rpc.bench.ts'),
};

/** Asked for by name alone: one needs a second checkout, one fetches packages, the others need a model of 1.1 GB or a quarter of an hour. */
const onRequest: typeof benches = {
  against: () => import('./against.bench.ts'),
  controls: () => import('./controls.bench.ts'),
  corpora: () => import('./corpora.bench.ts'),
  know: () => import('./know.bench.ts'),
  injection: () => import('./injection.bench.ts'),
  readers: () => import('./readers.bench.ts'),
  'gguf-reader': () => import('./gguf-reader.bench.ts'),
  talk: () => import('./talk.bench.ts'),
  soak: () => import('./soak.bench.ts'),
  demo: () => import('./demo.bench.ts'),
  scenes: () => import('./scenes.bench.ts'),
  stage: () => import('./stage.bench.ts'),
};

const asked = process.argv.slice(2);
const known = { ...benches, ...onRequest };
const unknown = asked.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(`no bench "${unknown.join(', ')}"; there are ${Object.keys(known).join(', ')}`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : Object.keys(benches)) {
  const { run } = await known[name]!();
  for await (const row of run()) record([row]);
}
