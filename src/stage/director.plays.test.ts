import { describe, expect, it } from 'vitest';
import { prng, seedOf, shuffled } from '../measure/statistics/prng.ts';
import { gini } from '../measure/text/gini.ts';
import { isCollective } from '../play/cast/label.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { realPlayIds, realPlays } from '../testing/real-plays.ts';
import { directorOf, type SaidTurn } from './director.ts';
import type { Policy } from './events.ts';

const plays = await realPlays();
const turnsLong = 24;
/** The tenth and the ninetieth of a hundred windows of 24 turns with three speakers or more, both plays. */
const bands = { aba: [0.27, 0.91], gini: [0.15, 0.45] } as const;

/** A scene of four who speak in a scene of the play, in words that they say anywhere in it. */
async function simulated(id: (typeof realPlayIds)[number], policy: Policy, run: number) {
  const { play } = plays.get(id)!;
  const scenes = sceneTurns(play);
  const random = prng(seedOf(id, String(run)));
  const pools = scenes
    .map(({ turns }) => [...new Set(turns.flatMap(({ speakers }) => speakers))])
    .map((speakers) => speakers.filter((name) => !isCollective(name)))
    .filter((speakers) => speakers.length >= 4);
  const onStage = shuffled(pools[Math.floor(random() * pools.length)]!, random).slice(0, 4);
  const lines = onStage.map((name) =>
    scenes.flatMap(({ turns }) => turns.filter(({ speakers }) => speakers.includes(name))),
  );
  const director = directorOf(policy, { play });
  const turns: SaidTurn[] = [];
  for (let turn = 0; turn < turnsLong; turn++) {
    const given = { turns, onStage, entered: new Map(), nudges: new Map(), seed: run, turn };
    const choice = await director.next(given);
    if (choice.kind !== 'next') throw new Error(`the scene ended after ${turn} turns`);
    const own = lines[onStage.indexOf(choice.chosen)]!;
    turns.push({ who: choice.chosen, text: own[Math.floor(random() * own.length)]!.text });
  }
  const aba = turns.slice(2).filter(({ who }, i) => who === turns[i]!.who).length;
  return {
    aba: aba / (turnsLong - 2),
    gini: gini(onStage.map((name) => turns.filter(({ who }) => who === name).length)),
  };
}

async function meansOf(policy: Policy, runs: number) {
  const all: { aba: number; gini: number }[] = [];
  for (const id of realPlayIds)
    for (let run = 0; run < runs; run++) all.push(await simulated(id, policy, run));
  const mean = (of: (one: { aba: number; gini: number }) => number): number =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length;
  const isIn = (value: number, [from, to]: readonly [number, number]): number =>
    Number(value >= from && value <= to);
  return {
    aba: mean(({ aba }) => aba),
    gini: mean(({ gini }) => gini),
    inside: mean(({ aba, gini }) => isIn(aba, bands.aba) * isIn(gini, bands.gini)),
  };
}

describe('Four characters of the plays, drawn by the turn model', () => {
  it('go back and forth, and share the turns, as the plays have it', async () => {
    const { aba, gini, inside } = await meansOf('turn-model', 100);
    // .59, .25, and .82 of the scenes are inside in both.
    expect(aba).toBeGreaterThan(0.5);
    expect(aba).toBeLessThan(0.75);
    expect(gini).toBeGreaterThan(0.2);
    expect(gini).toBeLessThan(0.35);
    expect(inside).toBeGreaterThan(0.75);
  });

  it('do as no schedule does that looks at less', async () => {
    const [robin, back, lots] = [
      await meansOf('round-robin', 10),
      await meansOf('aba', 10),
      await meansOf('random', 50),
    ];
    expect([robin.aba, robin.gini]).toEqual([0, 0]);
    expect([back.aba, back.gini]).toEqual([1, 0.5]);
    expect(lots.gini).toBeLessThan(bands.gini[0]);
  });
});
