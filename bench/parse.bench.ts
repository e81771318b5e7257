import { readFile } from 'node:fs/promises';
import { openPlay } from '#dramatis/hub/plays.js';
import { parsePlay } from '#dramatis/play/parse.js';
import type { Row } from './record.ts';
import { timed } from './timed.ts';

/** Bytes → Play, detection included, for the two plays of the catalogue. */
export async function* run(): AsyncGenerator<Row> {
  const texts = await Promise.all(
    ['hamlet', 'macbeth'].map(async (id) => readFile((await openPlay(id, {})).path)),
  );
  yield* timed('parse', { 'Hamlet and Macbeth': () => texts.map((text) => parsePlay(text)) });
}
