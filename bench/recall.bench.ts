import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { passagesOf } from '#dramatis/memory/passages.js';
import { recollect } from '#dramatis/memory/recollect.js';
import { windowsOf } from '#dramatis/memory/windows.js';
import { WordIndex } from '#dramatis/memory/word-index.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import { type Row, rowOf } from './record.ts';
import { timed } from './timed.ts';

const queries = [
  'the ghost of my father',
  'why did you hide behind the curtain',
  'should I live or die',
  'Who killed your father?',
  'What became of Rosencrantz and Guildenstern?',
  'do you love Ophelia',
];

/** What Hamlet recalls: opening his memory in a fresh home, embedding what was said, and a query with its embedding. */
export async function* run(): AsyncGenerator<Row> {
  const indices = await mkdtemp(join(tmpdir(), 'dramatis-bench-'));
  try {
    using dramatis = await Dramatis.open({ folders: { indices } });
    const { play } = await dramatis.play('hamlet');
    const start = performance.now();
    using opened = await dramatis.memory('hamlet');
    const { memory } = opened;
    const who = { character: 'HAMLET' };
    await recollect(memory, queries[0]!, who);
    const facts = memory.remembered('digest', who).length;
    yield rowOf('recall', 'open memory in a fresh home, and recall', 's', [seconds(start)], {
      facts,
    });
    const made = performance.now();
    await memory.recall(queries[0]!, { ...who, kinds: ['speech', 'window'] });
    const said = memory.passages.length + windowsOf(play).length;
    yield rowOf('recall', 'make the index of what is said', 's', [seconds(made)], { said });
    let next = 0;
    const query = (): string => queries[next++ % queries.length]!;
    yield* timed('recall', {
      'recollect facts, with the embedding of the question': () => recollect(memory, query(), who),
      'recollect facts and the exchange that shows them': () =>
        recollect(memory, query(), { ...who, budget: { windows: 1 } }),
      'recall of every kind, with the embedding of the query': () => memory.recall(query(), who),
      'open memory again': async () => {
        using again = await dramatis.memory('hamlet');
        return again.memory.kinds;
      },
      'cut Hamlet into passages': () => passagesOf(play),
      'cut Hamlet into windows': () => windowsOf(play),
      'make the index of words': () => new WordIndex(memory.passages),
    });
  } finally {
    await rm(indices, { recursive: true });
  }
}

const seconds = (start: number): number => (performance.now() - start) / 1000;
