/**
 * Writes what the stage reads off Hamlet and Macbeth: data/stage-thresholds.json, the limits of its detectors, and
 * data/situations.jsonl, the places where scenes of the benchmark begin. Run after `tsc`, when a play's text, a detector or the
 * rule has changed; tests of the project `plays` say when that is due.
 *
 *   node .ci/stage-data.mjs
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { splitOf } from '#dramatis/corpus/splits/split.js';
import { measureCycle, measureThresholds } from '#dramatis/stage/detectors/thresholds.js';
import { makeSituations } from '#dramatis/stage/situations.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';

const data = resolve(import.meta.dirname, '../data');
const dramatis = await Dramatis.open({ compute: { gpu: 'off' } });
const plays = await Promise.all(['hamlet', 'macbeth'].map((id) => dramatis.play(id)));

const write = (name, text) => {
  writeFileSync(resolve(data, name), text);
  console.log(resolve(data, name));
};
const shared = await dramatis.model('minilm');
const embedder = await shared.model.embedder();
const cycle = await measureCycle(plays, (texts) => embedder.embed(texts));
write(
  'stage-thresholds.json',
  `${JSON.stringify(measureThresholds(plays, cycle), undefined, 2)}\n`,
);
const sources = plays.map((opened) => ({ ...opened, split: splitOf(opened.id, opened.play) }));
write(
  'situations.jsonl',
  makeSituations(sources)
    .map((one) => `${JSON.stringify(one)}\n`)
    .join(''),
);

// Node 20 knows no `using`.
for (const opened of [embedder, shared, dramatis]) opened[Symbol.dispose]();
