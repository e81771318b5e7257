import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../play/scene-turns.ts';
import { firstWords, lastWords, turnsBefore, turnsShuffled, windowBefore } from './turn-windows.ts';

/** Turns of given lengths; the words of turn 2 are "2.0 2.1 …", so that each is found again. */
const turnsOf = (lengths: readonly number[]): Turn[] =>
  lengths.map((length, i) => {
    const text = Array.from({ length }, (_, n) => `${i}.${n}`).join(' ');
    const speaker = `S${i % 3}`;
    const place = `1.1.${i + 1}`;
    return {
      speaker,
      speakers: [speaker],
      text,
      textOnStage: text,
      place,
      present: [],
      words: length,
    };
  });

describe('turnsBefore', () => {
  it('takes whole turns as long as they fit', () => {
    const turns = turnsOf([5, 4, 3, 9]);
    expect(turnsBefore(turns, 3, 8).map(({ text }) => text)).toEqual([
      turns[1]!.text,
      turns[2]!.text,
    ]);
  });

  it('cuts the nearest turn at its start if it alone is too long', () => {
    expect(turnsBefore(turnsOf([5, 6, 2]), 2, 3)).toEqual([{ speaker: 'S1', text: '1.3 1.4 1.5' }]);
  });

  it('is empty before the first turn', () => {
    expect(turnsBefore(turnsOf([5]), 0, 100)).toEqual([]);
  });
});

describe('windowBefore', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 450 }), { minLength: 1, maxLength: 60 });

  it('grows at its end only, between two moves', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const turns = turnsOf(all);
        for (let at = 1; at < turns.length; at++) {
          const now = windowBefore(turns, at);
          const next = windowBefore(turns, at + 1);
          if (now[0]?.text === next[0]?.text) expect(next.slice(0, now.length)).toEqual(now);
        }
      }),
    );
  });
});

describe('firstWords and lastWords', () => {
  it('cut between words and keep what stands by them', () => {
    expect(firstWords('Stand! Who goes by?', 2)).toBe('Stand! Who');
    expect(lastWords('Stand! Who goes by?', 2)).toBe('goes by?');
    expect(firstWords('Stand!', 9)).toBe('Stand!');
  });
});

describe('turnsShuffled', () => {
  it('keeps every turn, and is the same every time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.string(), (count, seed) => {
        const turns = turnsOf(Array.from({ length: count }, () => 2));
        const order = turnsShuffled(turns, seed);
        expect([...order].sort(byText)).toEqual([...turns].sort(byText));
        expect(turnsShuffled(turns, seed)).toEqual(order);
      }),
    );
  });

  it('gives a longer context the same beginning', () => {
    const turns = turnsOf(Array.from({ length: 30 }, () => 2));
    for (let length = 1; length < turns.length; length++) {
      const now = turnsShuffled(turns.slice(0, length), 'seed');
      const next = turnsShuffled(turns.slice(0, length + 1), 'seed');
      const shared = now.findIndex((turn, i) => turn !== next[i]);
      // All but the last block, of at most seven turns.
      if (shared >= 0) expect(now.length - shared).toBeLessThanOrEqual(7);
    }
  });
});

function byText(a: { readonly text: string }, b: { readonly text: string }): number {
  return a.text < b.text ? -1 : 1;
}
