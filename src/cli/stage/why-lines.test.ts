import { describe, expect, it } from 'vitest';
import type { NextEvent } from '../../stage/events.ts';
import { turnFeatures } from '../../stage/turn-features.ts';
import { shippedTurnModel, turnModelHash } from '../../stage/turn-model.ts';
import { whyLines } from './why-lines.ts';

const called = turnFeatures.indexOf('called by the last turn');
const event: NextEvent = {
  kind: 'next',
  candidates: ['GERTRUDE', 'OPHELIA'],
  features: [0, 1].map((value) => turnFeatures.map((_, i) => (i === called ? value : 0))),
  scores: [0, shippedTurnModel().weights[called]!],
  probabilities: [0.11, 0.89],
  drawn: 0.05,
  chosen: 'GERTRUDE',
  by: 'turn-model',
};

describe('whyLines', () => {
  it('say for each candidate what spoke for it and against it, and who was drawn', () => {
    const half = (shippedTurnModel().weights[called]! / 2).toFixed(2);
    expect(whyLines(event, turnModelHash(shippedTurnModel()))).toEqual([
      `        OPHELIA .89  called by the last turn +${half}`,
      `      > GERTRUDE .11  called by the last turn −${half}`,
    ]);
  });

  it('say nothing where nothing is known but the odds', () => {
    expect(whyLines(event, undefined)).toEqual([]);
  });
});
