import { describe, expect, it } from 'vitest';
import { stateOf } from '../../stage/state.ts';
import { records } from './lantern-records.test.support.ts';
import { shortName, statusLine } from './status-line.ts';

const state = stateOf(records);

describe('The status line', () => {
  const view = { recalled: [{ place: '1.3.99', text: '' }] };

  it('says which turn it is, who may be next, the speed, what is recalled and what was struck', () => {
    const line = statusLine(state, { struck: 1, view }, 200);
    expect(line).toBe(
      'turn 3 of 24 · next Hugo .61, Marta .39 · 40 tokens/s · recalled 1.3.99 · 1 struck',
    );
  });

  it('leaves out what has no room, and never more than that', () => {
    for (const width of [20, 40, 60, 80])
      expect(statusLine(state, { struck: 1, view }, width).length).toBeLessThanOrEqual(width);
    expect(statusLine(state, { struck: 0 }, 20)).toBe('turn 3 of 24');
  });

  it('says how to go on from a pause', () => {
    const paused = stateOf([...records, { n: 8, time: '', kind: 'pause', by: 'human' }]);
    expect(statusLine(paused, { struck: 0 }, 79)).toMatch(
      /^paused after turn 2 of 24 · Space goes on/,
    );
  });

  it('calls people by their last name where it is theirs alone', () => {
    const cast = ['QUEEN GERTRUDE', 'MACBETH', 'LADY MACBETH', 'FIRST CLOWN', 'SECOND CLOWN'];
    expect(cast.map((name) => shortName(name, cast))).toEqual([
      'Gertrude',
      'Macbeth',
      'Lady Macbeth',
      'First Clown',
      'Second Clown',
    ]);
  });
});
