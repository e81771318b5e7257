import { describe, expect, it } from 'vitest';
import { shippedTurnBands, turnProfile } from './turn-bands.ts';

const band = { n: 9, mean: 0.5, sd: 0.1, low: 0.4, high: 0.6 };

describe('A profile', () => {
  it('says where each figure lies, and nothing of what has no band', () => {
    const figures = { ABA: 0.39, 'turn Gini': 0.4, echo: 0.61, turns: 24, empty: Number.NaN };
    const bands = { ABA: band, 'turn Gini': band, echo: band, empty: band };
    expect(turnProfile(figures, bands)).toEqual({
      ABA: 'below',
      'turn Gini': 'inside',
      echo: 'above',
    });
  });

  it('finds a round of speakers too even, and a lock of two too much back and forth', () => {
    const { several } = shippedTurnBands();
    expect(turnProfile({ ABA: 0, 'turn Gini': 0, 'speaker entropy': 1 }, several)).toEqual({
      ABA: 'below',
      'turn Gini': 'below',
      'speaker entropy': 'above',
    });
    expect(turnProfile({ ABA: 1, 'turn Gini': 0.5 }, several)).toEqual({
      ABA: 'above',
      'turn Gini': 'above',
    });
  });
});
