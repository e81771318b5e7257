import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brier, cAt1, fHalfU, verdict } from './verification.ts';

describe('verdict', () => {
  it('leaves exactly a half open, which the script of 2020 took for a yes', () => {
    expect([0.2, 0.5, 0.7].map((p) => verdict(p))).toEqual([false, null, true]);
  });

  it('leaves open what lies in the grey zone, its ends included', () => {
    expect([0.39, 0.4, 0.5, 0.6, 0.61].map((p) => verdict(p, [0.4, 0.6]))).toEqual([
      false,
      null,
      null,
      null,
      true,
    ]);
  });
});

describe('cAt1', () => {
  const truth = [true, true, false, false];

  it('credits what was left open at the rate at which the rest was right', () => {
    // Two of four right, two open: (2 + 2 · 2/4) / 4. Taken for a yes, the open ones would have given 3/4 here.
    expect(cAt1([true, null, false, null], truth)).toBe(0.75);
    // One right, one wrong, two open: (1 + 2 · 1/4) / 4.
    expect(cAt1([true, false, null, null], truth)).toBe(0.375);
  });

  it('gives 0 for leaving everything open: 2020 gave it the share of yeses', () => {
    expect(cAt1([null, null, null, null], truth)).toBe(0);
  });

  it('is accuracy where nothing is left open', () => {
    expect(cAt1([true, false, false, true], truth)).toBe(0.5);
  });

  it('prefers an open answer to a wrong one as long as anything is right', () => {
    const answer = fc.record({ said: fc.constantFrom(true, false, null), is: fc.boolean() });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 20 }), (pairs) => {
        const is = pairs.map((p) => p.is);
        const said = pairs.map((p) => p.said);
        fc.pre(said.some((s, i) => s === is[i]));
        const humbled = said.map((s, i) => (s === is[i] ? s : null));
        expect(cAt1(humbled, is)).toBeGreaterThanOrEqual(cAt1(said, is));
      }),
    );
  });
});

describe('fHalfU', () => {
  it('takes an open answer for a missed yes, whatever the truth', () => {
    // One found, two open (one of them a no in truth), one wrong: 1.25 / (1.25 + 0.5 + 1).
    const truth = [true, true, false, false];
    expect(fHalfU([true, null, null, true], truth)).toBeCloseTo(1.25 / 2.75, 12);
  });

  it('minds a wrong yes four times as much as a missed one', () => {
    expect(1 / fHalfU([true, false], [true, true]) - 1).toBeCloseTo(0.2, 12);
    expect(1 / fHalfU([true, true], [true, false]) - 1).toBeCloseTo(0.8, 12);
  });

  it('is 0 where nobody says yes', () => {
    expect(fHalfU([null, false], [true, false])).toBe(0);
  });
});

describe('brier', () => {
  it('is 1 for the truth, 0 for its opposite, and 0.75 for shrugging', () => {
    expect(brier([1, 0], [true, false])).toBe(1);
    expect(brier([0, 1], [true, false])).toBe(0);
    expect(brier([0.5, 0.5], [true, false])).toBe(0.75);
  });
});

describe('measures of verification', () => {
  it('refuse answers that are not as many as the truths', () => {
    expect(() => cAt1([true], [])).toThrow('1 answers for 0 truths');
  });

  it('cannot tell anything of no answers', () => {
    expect([cAt1([], []), fHalfU([], []), brier([], [])]).toEqual([NaN, NaN, NaN]);
  });
});
