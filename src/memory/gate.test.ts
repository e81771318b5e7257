import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bareWeights,
  type GateFigures,
  gateWeights,
  judgeKnowing,
  oddsOfNotKnowing,
} from './gate.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const figures = fc.record({ known: share, unknown: share, isStrange: fc.constant(false) });
const more = fc.double({ min: 0.01, max: 0.5, noNaN: true });

describe('oddsOfNotKnowing', () => {
  it('fall with what is known, rise with what is not, and rise with a strange name', () => {
    fc.assert(
      fc.property(figures, more, fc.constantFrom(gateWeights, bareWeights), (given, step, by) => {
        const odds = (changed: Partial<GateFigures>): number =>
          oddsOfNotKnowing({ ...given, ...changed }, by);
        expect(odds({ known: given.known + step })).toBeLessThan(odds({}));
        expect(odds({ unknown: given.unknown + step })).toBeGreaterThan(odds({}));
        expect(odds({ isStrange: true })).toBeGreaterThan(odds({}));
      }),
    );
  });
});

describe('judgeKnowing', () => {
  const judge = (known: number, unknown: number, weights = gateWeights) =>
    judgeKnowing(
      {
        known: { id: 'near', score: known },
        unknown: { id: 'far', score: unknown },
        isStrange: false,
      },
      weights,
    );

  it('takes for known what fits well, and says by which facts', () => {
    expect(judge(0.9, 0.8)).toEqual({
      isKnown: true,
      known: { id: 'near', score: 0.9 },
      unknown: { id: 'far', score: 0.8 },
      isStrange: false,
    });
  });

  it('takes for unknown what something unknown fits better, and what nothing fits', () => {
    expect(judge(0.75, 0.9).isKnown).toBe(false);
    expect(judge(0.4, 0.3).isKnown).toBe(false);
    const none = judgeKnowing({ isStrange: false });
    expect(none).toMatchObject({ isKnown: false, known: undefined, unknown: undefined });
  });

  it('asks less of facts that have no questions of their own', () => {
    expect(judge(0.64, 0.64).isKnown).toBe(false);
    expect(judge(0.64, 0.64, bareWeights).isKnown).toBe(true);
  });
});
