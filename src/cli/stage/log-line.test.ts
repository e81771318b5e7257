import { describe, expect, it } from 'vitest';
import { records } from './lantern-records.test.support.ts';
import { actorsOf, logLine } from './log-line.ts';

describe('A log', () => {
  it('has a line for each event, with what it was made from', () => {
    expect(records.map(logLine)).toEqual([
      '   1  03:04:05  open    The Lantern 1.2, tiny, seed 7, director turn-model',
      '   2  03:04:05  enter   [Enter Marta and Old Hugo.]',
      '   3  03:04:05  next    OLD HUGO to MARTA by turn-model: OLD HUGO .61, MARTA .39',
      '   4  03:04:05  view    OLD HUGO sees events 2; 100 tokens, 90 there already; recalled 1.1.9',
      '   5  03:04:05  struck  OLD HUGO, label (a label): Marta: hm',
      '   6  03:04:05  turn    OLD HUGO [To Marta]. The wind has a new voice.',
      '   7  03:04:05  turn    MARTA [Aside]. So.',
    ]);
  });

  it('knows who has a part in an event', () => {
    expect(records.map(actorsOf)).toEqual([
      [],
      ['MARTA', 'OLD HUGO', 'situation'],
      ['turn-model', 'OLD HUGO'],
      ['OLD HUGO'],
      ['OLD HUGO'],
      ['OLD HUGO'],
      ['MARTA'],
    ]);
  });
});
