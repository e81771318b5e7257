/**
 * Writes what the stage reads off Hamlet and Macbeth: data/stage-thresholds.json, the limits of its detectors. Run after
 * `tsc`, when a play's text or a detector has changed; a test of the project `plays` says when that is due.
 *
 *   node .ci/stage-data.mjs
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { measureThresholds } from '#dramatis/stage/detectors/thresholds.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';

const data = resolve(import.meta.dirname, '../data');
const dramatis = await Dramatis.open({ compute: { gpu: 'off' } });
const plays = await Promise.all(['hamlet', 'macbeth'].map((id) => dramatis.play(id)));

const path = resolve(data, 'stage-thresholds.json');
writeFileSync(path, `${JSON.stringify(measureThresholds(plays), undefined, 2)}\n`);
console.log(path);

dramatis[Symbol.dispose]();
