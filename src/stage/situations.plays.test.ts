import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../corpus/source.ts';
import { realPlays } from '../testing/real-plays.ts';
import { situationAt } from './situation.ts';
import { makeSituations, situations } from './situations.ts';

let plays: Map<string, Source>;

beforeAll(async () => {
  plays = await realPlays();
});

describe('The situations of the benchmark', () => {
  it('are those that the rule finds in Hamlet and Macbeth: else run node .ci/stage-data.mjs', () => {
    expect(situations()).toEqual(makeSituations([...plays.values()]));
  });

  it('are 20 for two and 20 for four, 8 of each in scenes that nothing is learnt from', () => {
    for (const people of [2, 4]) {
      const all = situations().filter(({ cast }) => cast.length === people);
      expect(all).toHaveLength(20);
      expect(all.filter(({ split }) => split === 'holdout')).toHaveLength(8);
      expect(new Set(all.map(({ play, cast }) => [play, ...cast.toSorted()].join())).size).toBe(20);
      expect(new Set(all.map(({ id }) => id)).size).toBe(20);
    }
  });

  it('all open with everybody on stage and two turns of the play, and are in the part that is noted', () => {
    for (const { play: id, at, cast, split } of situations()) {
      const source = plays.get(id)!;
      const found = situationAt(source.play, { cast, at });
      expect(found.onStage).toEqual(cast);
      expect(found.entrances).toEqual([]);
      expect(found.opening).toHaveLength(2);
      expect(`${found.at?.act}.${found.at?.scene}.${found.at?.line}`).toBe(at);
      expect(source.split.partOf(at.split('.').slice(0, 2).join('.'))).toBe(split);
    }
  });
});
