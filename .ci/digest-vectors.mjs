/**
 * Makes the vectors of the digests that Dramatis comes with, data/digests/<play>.vectors, so that nobody's first answer
 * waits for them. Run after `tsc`, when digests have changed; a test says when that is due. What has not changed is taken
 * from the file there is, and embeds nothing.
 *
 *   node .ci/digest-vectors.mjs
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestRows } from '../dist/memory/digest-rows.js';
import { textHash } from '../dist/memory/text-hash.js';
import { readVectors, writeVectors } from '../dist/memory/vectors-file.js';
import { Dramatis } from '../dist/workspace/dramatis.js';
import { openDigests } from '../dist/workspace/open-digests.js';

const folder = resolve(import.meta.dirname, '../data/digests');
const dramatis = await Dramatis.open({ compute: { gpu: 'off' } });
const shared = await dramatis.model('minilm');
const embedder = await shared.model.embedder();
const embedderHash = await shared.sha256();

for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
  const opened = await dramatis.play(file.replace(/\.jsonl$/, ''));
  const { digests } = await openDigests(dramatis, opened);
  const texts = digestRows(digests).rows.map(({ embedded }) => embedded);
  const path = join(folder, file.replace(/\.jsonl$/, '.vectors'));
  const kept = await readVectors(path, embedderHash);
  const known = new Map(kept && 'rows' in kept ? kept.rows : []);
  const missing = [...new Set(texts)].filter((text) => !known.has(textHash(text)));
  for (const [i, row] of (await embedder.embed(missing)).entries())
    known.set(textHash(missing[i]), row);
  const rows = texts.map((text) => [textHash(text), known.get(textHash(text))]);
  const sorted = new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeVectors(path, { embedder: embedderHash, dim: embedder.width, rows: sorted }, 'int8');
  console.log(`${path}: ${sorted.size} rows, ${missing.length} of them new`);
}

// Node 20 knows no `using`.
for (const opened of [embedder, shared, dramatis]) opened[Symbol.dispose]();
