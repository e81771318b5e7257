import { beforeAll, describe, expect, it } from 'vitest';
import type { Play } from '../../play/play.ts';
import { sceneTurns } from '../../play/scene-turns.ts';
import { realPlays } from '../../testing/real-plays.ts';
import { guardedPlay } from './guarded-play.ts';
import { guards } from './judge.ts';

let plays: Play[];

beforeAll(async () => {
  plays = [...(await realPlays()).values()].map(({ play }) => play);
});

/** Turns of both plays that a guard objects to, as they were said in their scenes. */
function struck(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const play of plays)
    for (const { turns } of sceneTurns(play)) {
      const said = turns.map(({ speaker, text }) => ({ who: speaker, text }));
      for (const [i, draft] of said.entries())
        for (const { name, judge } of guards)
          if (judge(draft, { play: guardedPlay(play), heard: said.slice(0, i) }))
            counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  return counts;
}

describe('The guards on the 1,787 turns of Hamlet and Macbeth', () => {
  it('object to 36, and to the copying of what is longer than seven words', () => {
    const { copying, ...others } = Object.fromEntries(struck());
    expect(others).toEqual({ repeat: 26, opening: 2, echo: 3, circles: 5 });
    expect(copying).toBeGreaterThan(900);
  });
});
