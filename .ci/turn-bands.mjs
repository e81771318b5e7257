/**
 * Makes data/turn-bands.json: how conversations in Hamlet and Macbeth are, which transcripts are held against. Run after
 * `tsc`, when a play or a measure has changed; a test says when that is due.
 *
 *   node .ci/turn-bands.mjs
 */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { measureTurnBands } from '#dramatis/eval/turn-bands.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';

const path = resolve(import.meta.dirname, '../data/turn-bands.json');
const dramatis = await Dramatis.open();
const sources = await Promise.all(['hamlet', 'macbeth'].map((id) => dramatis.source({ play: id })));
const file = {
  version: 1,
  about:
    'Figures of conversations as "dramatis eval duet" and "quartet" have them, over Hamlet and Macbeth. "two": stretches of eight turns or more in which two speak. "several": windows of 24 turns in which three speak or more. "low" and "high" are the tenth and the ninetieth of a hundred. Made by .ci/turn-bands.mjs.',
  plays: sources.map(({ id, sha256 }) => ({ id, sha256 })),
  ...measureTurnBands(sources),
};
writeFileSync(path, `${JSON.stringify(file, null, 2)}\n`);
for (const [name, { n, mean, low, high }] of Object.entries(file.several))
  console.log(`${name.padEnd(26)} ${n}  ${mean}  [${low}, ${high}]`);
dramatis[Symbol.dispose]();
