import { describe, expect, it } from 'vitest';
import { gini } from '../measure/text/gini.ts';
import { realPlays } from '../testing/real-plays.ts';
import { type ScheduledScene, scheduledScene } from '../testing/scheduled-scene.ts';
import type { NextEvent, Policy } from './events.ts';

const plays = await realPlays();
/** The tenth and the ninetieth of a hundred windows of 24 turns with three speakers or more, both plays. */
const bands = { aba: [0.27, 0.91], gini: [0.15, 0.45] } as const;

function abaOf({ turns }: ScheduledScene): number {
  const after = turns.slice(2);
  return after.filter(({ who }, i) => who === turns[i]!.who).length / after.length;
}

function giniOf({ turns, onStage }: ScheduledScene): number {
  return gini(onStage.map((name) => turns.filter(({ who }) => who === name).length));
}

/** Whom a director would take that never draws. */
function likeliest({ candidates, probabilities }: NextEvent): string {
  return candidates[probabilities.indexOf(Math.max(...probabilities))]!;
}

async function meansOf(policy: Policy, runs: number, pick?: (choice: NextEvent) => string) {
  const all: { aba: number; gini: number }[] = [];
  for (const { play } of plays.values())
    for (let run = 0; run < runs; run++) {
      const scene = await scheduledScene(play, policy, run, pick);
      all.push({ aba: abaOf(scene), gini: giniOf(scene) });
    }
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

  it('would lock two in talk if the likeliest were taken', async () => {
    const { aba, gini } = await meansOf('turn-model', 20, likeliest);
    expect(aba).toBeGreaterThan(bands.aba[1]);
    expect(gini).toBeGreaterThan(bands.gini[1]);
  });
});
