import { describe, expect, it } from 'vitest';
import { RunIndex } from '../../corpus/gates/run-index.ts';
import { copying, recites } from './copying.ts';

const corpus = new RunIndex([
  { place: '1.1.1', text: 'The lantern burns above the weary quay and nobody comes to see it.' },
]);

describe('Copying', () => {
  it('is all of a recited line', () => {
    expect(copying('the LANTERN burns, above the weary quay; and', corpus)).toEqual({
      longestRun: 8,
      sixGrams: 1,
      eightGrams: 1,
    });
  });

  it('is told in shares of the runs of a longer text', () => {
    const { longestRun, sixGrams, eightGrams } = copying(
      'I say: lantern burns above the weary quay, and so it does',
      corpus,
    );
    expect(longestRun).toBe(7);
    expect(sixGrams).toBeCloseTo(2 / 7);
    expect(eightGrams).toBe(0);
  });

  it('is recitation from eight words on, but for the scene that is asked about', () => {
    const text = 'the lantern burns above the weary quay and';
    expect(recites(text, corpus, '1.2')).toBe(true);
    expect(recites(text, corpus, '1.1')).toBe(false);
    expect(recites(text.slice(4), corpus, '1.2')).toBe(false);
  });

  it('is nothing where there are no words', () => {
    expect(copying('', corpus)).toEqual({ longestRun: 0, sixGrams: 0, eightGrams: 0 });
  });
});
