import { describe, expect, it } from 'vitest';
import { leversOf } from './results.ts';

describe('The levers of a result', () => {
  it('are those that its file names, the former one called "simple" among them', () => {
    expect(leversOf({ steeredBy: ['ban', 'brackets'] })).toEqual(['ban', 'brackets']);
    expect(leversOf({ steering: true, steeredBy: ['ban'] })).toEqual(['simple', 'ban']);
    expect(leversOf({ steering: false })).toEqual([]);
  });
});
