import { describe, expect, it } from 'vitest';
import { speakerEntropy } from './speaker-entropy.ts';

describe('speakerEntropy', () => {
  it('is 1 where all speak alike, and 0 where one speaks alone', () => {
    expect(speakerEntropy([6, 6, 6, 6])).toBeCloseTo(1, 12);
    expect(speakerEntropy([24, 0, 0, 0])).toBe(0);
  });

  it('counts who is silent', () => {
    expect(speakerEntropy([12, 12, 0, 0])).toBeCloseTo(0.5, 12);
    expect(speakerEntropy([12, 12])).toBe(1);
  });

  it('cannot be told of one person, or of nobody', () => {
    for (const turns of [[], [3], [0, 0]]) expect(speakerEntropy(turns)).toBeNaN();
  });
});
