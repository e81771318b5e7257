import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model } from '#dramatis/engine/model.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { openPlay } from '#dramatis/hub/plays.js';
import { Memory } from '#dramatis/memory/memory.js';
import { passagesOf } from '#dramatis/memory/passages.js';
import { WordIndex } from '#dramatis/memory/word-index.js';
import { type Row, rowOf } from './record.ts';
import { timed } from './timed.ts';

const queries = [
  'the ghost of my father',
  'why did you hide behind the curtain',
  'should I live or die',
  'a play before the king',
  'do you love Ophelia',
];

/** What Hamlet recalls: making the index once, taking it up again, and a query with its embedding. */
export async function* run(): AsyncGenerator<Row> {
  const opened = await openPlay('hamlet', {});
  const { play } = opened;
  const { path, entry } = await resolveModel('minilm', {});
  using model = await Model.open(path);
  using embedder = await model.embedder();
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  const open = () =>
    Memory.open({
      play,
      playHash: opened.sha256,
      embedder: () => Promise.resolve(embedder),
      embedderHash: entry?.sha256 ?? path,
      folder,
    });
  try {
    const start = performance.now();
    const memory = await open();
    const passages = memory.passages.length;
    yield rowOf('recall', 'make the index of Hamlet', 's', [(performance.now() - start) / 1000], {
      passages,
    });
    let next = 0;
    const query = (): string => queries[next++ % queries.length]!;
    yield* timed('recall', {
      'embed a query': () => embedder.embed([query()]),
      'recall, with the embedding of the query': () =>
        memory.recall(query(), { character: 'HAMLET' }),
      'take up the index from disk': open,
      'cut Hamlet into passages': () => passagesOf(play),
      'make the index of words': () => new WordIndex(memory.passages),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}
