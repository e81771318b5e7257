import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { realPlayIds, realPlays } from '../testing/real-plays.ts';
import { measureTurnBands } from './turn-bands.ts';

const plays = await realPlays();
const path = new URL('../../data/turn-bands.json', import.meta.url);
const file = JSON.parse(readFileSync(path, 'utf8'));

describe('data/turn-bands.json', () => {
  it('is what the plays give: else run .ci/turn-bands.mjs', () => {
    const { two, several } = measureTurnBands(realPlayIds.map((id) => plays.get(id)!));
    expect(file.plays).toEqual(realPlayIds.map((id) => ({ id, sha256: plays.get(id)!.sha256 })));
    expect(file.two).toEqual(two);
    expect(file.several).toEqual(several);
  });
});
