import { beforeAll, describe, expect, it } from 'vitest';
import type { Source } from '../../corpus/source.ts';
import { realPlays } from '../../testing/real-plays.ts';
import { playedScenes } from '../played-scene.ts';
import { lookBack } from './detector.ts';
import { playScript, type ScriptLine } from './scripted-scene.test.support.ts';
import { measureThresholds, stageThresholds } from './thresholds.ts';

let plays: Source[];

beforeAll(async () => {
  plays = [...(await realPlays()).values()];
});

/** The scenes of both plays as scripts. */
const scripts = (): ScriptLine[][] =>
  plays.flatMap(({ play }) =>
    playedScenes(play).map(({ turns }) =>
      turns.map(({ speaker, text, present }) => ({ who: speaker, text, present })),
    ),
  );

describe('The limits of the detectors', () => {
  it('are those of Hamlet and Macbeth: else run node .ci/stage-data.mjs', () => {
    const noted = stageThresholds();
    // Its limit takes an embedding model, which no test of this project opens.
    expect(noted).toEqual(measureThresholds(plays, noted.limits.cycle!));
    expect(noted.limits.cycle).toBeCloseTo(0.586, 3);
  });

  it('end eight of 1,460 windows of eight turns of the plays by loop, at the cauldron and where the ghost says Swear', () => {
    const { limits } = stageThresholds();
    let windows = 0;
    const loops: string[] = [];
    for (const script of scripts())
      for (let at = 0; at + lookBack <= script.length; at++) {
        windows++;
        const window = script.slice(at, at + lookBack);
        const { end, turns } = playScript(window, {}, limits);
        if (end === 'loop') loops.push(window[turns - 1]!.text!);
      }
    expect(windows).toBe(1460);
    expect(loops).toHaveLength(8);
    for (const text of loops) expect(text).toMatch(/^(?:Double, double toil and trouble|Swear\.$)/);
  });

  it('let most scenes be played to their end', () => {
    const { limits } = stageThresholds();
    const ends = scripts().map((script) => playScript(script, {}, limits).end ?? 'played');
    const counts: Record<string, number> = {};
    for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
    expect(counts).toEqual({ farewell: 3, loop: 2, played: 41, stalled: 2 });
  });
});
