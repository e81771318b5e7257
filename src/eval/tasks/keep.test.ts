import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prng } from '../../measure/statistics/prng.ts';
import { answered, mill } from '../../testing/plays/mill.ts';
import { keep } from './keep.ts';
import { choreOf, chores } from './keep-chores.ts';

const items = keep.items(mill);
const prose = items.filter(({ kind }) => kind === 'prose');

describe('keep', () => {
  it('has a passage and three of each chore for every scene', () => {
    expect(items).toHaveLength(4 * (1 + 3 * chores.length));
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(new Set(prose.map(({ text }) => text)).size).toBe(4);
  });

  it('has nothing of the play in it', () => {
    const said = JSON.stringify(mill.play);
    for (const { text } of items) expect(said).not.toContain(text);
  });

  it('is right where the right continuation is likeliest, and only there', () => {
    for (const item of items.filter(({ kind }) => kind !== 'prose')) {
      const values = (best: string): unknown =>
        keep.measure(
          item,
          answered(keep.requests(item), (text) => (text === best ? -1 : -2)),
        );
      const [right, wrong] = item.continuations;
      expect(values(right!)).toEqual({ accuracy: 1, [item.kind]: 1 });
      expect(values(wrong!)).toEqual({ accuracy: 0, [item.kind]: 0 });
    }
  });

  it('leaves chores out of the bits of prose, and prose out of the chores', () => {
    const rows = items.map((item) => {
      const answers = answered(keep.requests(item), (text) => -Buffer.byteLength(text.trim()));
      return { item, answers, values: keep.measure(item, answers) };
    });
    expect(keep.metrics[0]!.of!(rows)).toBeCloseTo(1 / Math.LN2, 9);
    for (const { item, values } of rows) expect('accuracy' in values).toBe(item.kind !== 'prose');
  });

  it('shuffles prose by words, and leaves chores alone', () => {
    const shuffled = keep.anchors.find(({ name }) => name === 'shuffled')!.requests!;
    for (const item of items) {
      const [asked] = shuffled(item);
      if (asked?.kind !== 'score') throw new Error('no score');
      if (item.kind !== 'prose') expect(asked.continuations).toEqual(item.continuations);
      else {
        expect(asked.continuations).not.toEqual(item.continuations);
        const sorted = (texts: readonly string[]): string[] => texts[0]!.split(' ').sort();
        expect(sorted(asked.continuations)).toEqual(sorted(item.continuations));
      }
    }
  });
});

describe('choreOf', () => {
  const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

  it('has four different answers of about the same length, whatever is drawn', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...chores), (seed, chore) => {
        const { right, wrong } = choreOf(chore, prng(seed));
        expect(new Set([right, ...wrong]).size).toBe(4);
        for (const one of wrong) expect(Math.abs(one.length - right.length)).toBeLessThan(4);
      }),
    );
  });

  it('adds rightly, and only the right JSON can be read', () => {
    const reads = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        const { text, right } = choreOf('sum', prng(seed));
        const [a, b] = text.split('\n').at(-1)!.match(/\d+/g)!.map(Number);
        expect(Number(right)).toBe(a! + b!);
        const json = choreOf('json', prng(seed));
        expect([json.right, ...json.wrong].map(reads)).toEqual([true, false, false, false]);
        const copy = choreOf('copy', prng(seed));
        expect(copy.text).toContain(`List:${copy.right}\nCopy:`);
      }),
    );
  });
});
