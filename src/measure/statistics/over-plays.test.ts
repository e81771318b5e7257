import { describe, expect, it } from 'vitest';
import type { Metric } from '../metric.ts';
import type { Row } from '../row.ts';
import { differenceOverPlays, overPlays, type PlayRows } from './over-plays.ts';
import { prng } from './prng.ts';
import { studentQuantile } from './student.ts';

const right: Metric = { name: 'right', unit: 'share', higherIsBetter: true, floor: 0.5 };

/** Plays of scenes of items, in which a play's value lies about `of` by as much as `spread` says. */
function playsOf(seed: number, { plays = 8, scenes = 6, items = 10, of = 0.5, spread = 0.1 }) {
  const random = prng(seed);
  const around = (middle: number, by: number): number => middle + by * (2 * random() - 1);
  return Array.from({ length: plays }, (_, p): PlayRows => {
    const middle = around(of, spread);
    const rows = Array.from({ length: scenes }, (_, s) => {
      const chance = around(middle, 0.1);
      return Array.from({ length: items }, (_, i): Row => {
        const item = { id: `${p}-${s}-${i}`, task: 'lamp', scene: `1.${s}`, place: `1.${s}.${i}` };
        return { item, answers: [], values: { right: Number(random() < chance) } };
      });
    });
    return { play: `play ${p}`, rows: rows.flat() };
  });
}

const shifted = (plays: readonly PlayRows[], by: number): PlayRows[] =>
  plays.map(({ play, rows }) => ({
    play,
    rows: rows.map((row) => ({ ...row, values: { right: row.values.right! + by } })),
  }));

describe('overPlays', () => {
  it('counts every play alike, however many items it has', () => {
    const [one, other, third] = playsOf(1, { plays: 3 });
    const short = { ...one!, rows: one!.rows.slice(0, 3) };
    const meanOf = ({ rows }: PlayRows) =>
      rows.reduce((sum, { values }) => sum + values.right!, 0) / rows.length;
    const found = overPlays(right, [short, other!, third!]);
    expect(found.value).toBeCloseTo(
      [short, other!, third!].reduce((s, p) => s + meanOf(p) / 3, 0),
      12,
    );
    expect(found).toMatchObject({ plays: 3, n: 123, scenes: 13 });
    expect(Object.keys(found.byPlay)).toEqual(['play 0', 'play 1', 'play 2']);
  });

  it('has an interval from three plays on, and never leaves the scale', () => {
    expect(overPlays(right, playsOf(2, { plays: 2 })).low).toBeNaN();
    const { low, high } = overPlays(right, playsOf(3, { plays: 3, of: 0.9, spread: 0.1 }));
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThan(low);
  });

  it('is at least as wide as Student’s over the plays, and the same each time', () => {
    const plays = playsOf(4, { spread: 0.3 });
    const found = overPlays(right, plays);
    const reach = studentQuantile(0.975, 7) * found.stderr;
    expect(found.high - found.low).toBeGreaterThan(1.6 * reach);
    expect(overPlays(right, plays)).toEqual(found);
  });

  it('holds the truth in most runs', () => {
    let held = 0;
    for (let run = 0; run < 24; run++) {
      const { low, high } = overPlays(right, playsOf(100 + run, { scenes: 3, items: 4 }));
      if (low <= 0.5 && 0.5 <= high) held++;
    }
    // 95 of 100 are wanted; of 24, fewer than 19 are had in one run of a thousand.
    expect(held).toBeGreaterThanOrEqual(19);
  });

  it('leaves out a play that has no value', () => {
    const [one, ...others] = playsOf(5, { plays: 4 });
    const empty = { ...one!, rows: one!.rows.map((row) => ({ ...row, values: {} })) };
    expect(overPlays(right, [empty, ...others]).plays).toBe(3);
  });
});

describe('differenceOverPlays', () => {
  it('sees what is the same in every play, and says how many agree', () => {
    const plays = playsOf(6, {});
    const found = differenceOverPlays(right, shifted(plays, 0.05), plays);
    expect(found).toMatchObject({ above: 8, below: 0, p: 2 / 256 });
    expect(found.value).toBeCloseTo(0.05, 12);
    expect(found.low).toBeGreaterThan(0);
  });

  it('compares the items that both have, and no others', () => {
    const plays = playsOf(7, { plays: 3 });
    const fewer = plays.map(({ play, rows }) => ({ play, rows: rows.slice(0, 9) }));
    expect(differenceOverPlays(right, plays, fewer)).toMatchObject({ n: 27, value: 0, p: 1 });
  });

  it('tells nothing of a detectable difference from two plays', () => {
    const plays = playsOf(8, { plays: 2 });
    expect(differenceOverPlays(right, plays, plays).detectable).toBeNaN();
  });
});
