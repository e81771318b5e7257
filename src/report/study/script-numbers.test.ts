import { describe, expect, it } from 'vitest';
import type { SceneScript } from '../../eval/scenes/scene-script.ts';
import { followed, orderDistance, saidOf } from './script-numbers.ts';

const script = (situation: string, order: string, which = '1'): SceneScript => ({
  ...{ situation, which },
  turns: [...order].map((who, i) => ({
    ...{ who, words: i + 1 },
    ...(i % 2 === 0 && { recalled: ['1.1.1', ''] }),
  })),
});

describe('followed', () => {
  it('counts who speaks right after whom, over all scenes, and not from one scene into the next', () => {
    const scripts = [script('s', 'ABAC'), script('s', 'CAB')];
    expect(followed(scripts, { first: 'A', next: 'B' })).toEqual({ value: 2, n: 3 });
    expect(followed(scripts, { first: 'C', next: 'C' })).toEqual({ value: 0, n: 1 });
  });
});

describe('orderDistance', () => {
  it('is 0 for the same order, 1 where no pair is common, and what a sum by hand gives between', () => {
    expect(orderDistance([script('s', 'ABAB')], [script('s', 'ABABABAB')]).value).toBeCloseTo(
      0.095,
      3,
    );
    expect(orderDistance([script('s', 'ABC')], [script('s', 'ABC')]).value).toBe(0);
    expect(orderDistance([script('s', 'AAA')], [script('s', 'ABA')]).value).toBe(1);
    // AB, BA against AB, BC: half of each is common.
    expect(orderDistance([script('s', 'ABA')], [script('s', 'ABC')]).value).toBeCloseTo(0.5, 12);
  });

  it('is a mean over situations, each compared with its own', () => {
    const own = [script('s', 'ABA'), script('t', 'ABC'), script('u', 'A')];
    const printed = [script('s', 'ABC'), script('t', 'ABC'), script('u', 'AB')];
    const { value, low, high, n } = orderDistance(own, printed);
    expect([value, low, high, n]).toEqual([0.25, 0, 1, 2]);
  });
});

describe('saidOf', () => {
  it('counts turns, words and recalled passages of one, and of all', () => {
    const one = script('s', 'ABA');
    expect(saidOf(one, 'A', 'turns')).toEqual({ value: 2, n: 3 });
    expect(saidOf(one, 'A', 'words')).toEqual({ value: 4, n: 6 });
    expect(saidOf(one, 'B', 'recalled')).toEqual({ value: 0, n: 4 });
  });
});
