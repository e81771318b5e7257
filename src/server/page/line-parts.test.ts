import { describe, expect, it } from 'vitest';
import { stateOf } from '../../stage/state.ts';
import { openEvent, spoken } from '../../testing/stage-scene.ts';
import { lettersOf, partsOf, partWith } from './line-parts.ts';
import { linesOf } from './lines.ts';

const texts = Array.from({ length: 100 }, (_, i) => `Turn ${i}.`);
const records = [openEvent, ...spoken(...texts)].map((event, i) => ({
  ...{ n: i + 1, time: '' },
  ...event,
}));
/** The first lines of the scene. */
const linesUpTo = (count: number) => linesOf(stateOf(records.slice(0, 1 + count)));

describe('partsOf', () => {
  it('keeps every line once, in order, and no part is empty', () => {
    for (const count of [0, 1, 39, 40, 41, 100]) {
      const lines = linesUpTo(count);
      const parts = partsOf(lines);
      expect(parts.flat()).toEqual(lines);
      expect(parts.every(({ length }) => length > 0)).toBe(true);
    }
  });

  it('gives the very parts of before but for the one in which something has changed', () => {
    const before = partsOf(linesUpTo(90));
    const after = partsOf(linesUpTo(100), before);
    expect(after.map((part, i) => part === before[i])).toEqual([true, true, false]);
  });
});

describe('partWith', () => {
  it('finds the part of a line, the first for what was before all, the last for what comes after', () => {
    const parts = partsOf(linesUpTo(100));
    for (const [at, part] of parts.entries())
      for (const { n } of part) expect(partWith(parts, n)).toBe(at);
    expect([partWith(parts, 0), partWith(parts, 1e6), partWith([], 3)]).toEqual([0, 2, 0]);
  });
});

it('counts the letters of names and words', () => {
  expect(lettersOf(linesUpTo(1))).toBe('MARTA'.length + 'Turn 0.'.length);
});
