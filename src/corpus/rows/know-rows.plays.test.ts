import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readDigests } from '../../memory/digests/read-digests.ts';
import { findCharacter } from '../../play/cast/find-character.ts';
import { realPlayIds, realPlays } from '../../testing/real-plays.ts';
import { inspectRows } from '../gates/data-gate.ts';
import type { Source } from '../source.ts';
import { unknowing } from './know-lines.ts';
import { trainingRows } from './training-rows.ts';

let sources: ReadonlyMap<string, Source>;
beforeAll(async () => {
  sources = await realPlays();
});

const asked: Readonly<Record<(typeof realPlayIds)[number], readonly string[]>> = {
  hamlet: ['hamlet', 'ophelia', 'claudius', 'gertrude', 'polonius', 'horatio'],
  macbeth: ['macbeth', 'lady macbeth', 'banquo', 'macduff'],
};

describe('Rows of what a character knows', () => {
  for (const id of realPlayIds)
    for (const name of asked[id])
      it(`are sound for ${name}, two known for each that is not`, () => {
        const source = sources.get(id)!;
        const path = new URL(`../../../data/digests/${id}.jsonl`, import.meta.url);
        const { digests } = readDigests(readFileSync(path, 'utf8'), `${id}.jsonl`, source);
        const character = findCharacter(source.play, name);
        const rows = trainingRows({ ...source, character, digests }, { kinds: ['know'] });
        expect(inspectRows(rows, [{ ...source, character, digests }]).findings).toEqual([]);
        const unknown = rows.filter(({ turns }) => unknowing.includes(turns[1]!.text));
        expect(rows.length).toBeGreaterThan(50);
        expect(unknown).toHaveLength(Math.round((rows.length - unknown.length) / 2));
        const questions = rows.map(({ turns }) => turns[0]!.text);
        expect(questions.filter((text) => !/^[A-Z][^{}]*[.?]$/.test(text))).toEqual([]);
      });
});
