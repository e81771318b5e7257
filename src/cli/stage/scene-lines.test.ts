import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../stage/events.ts';
import { both, records } from './lantern-records.test.support.ts';
import { endText, plainLine, sceneLine } from './scene-lines.ts';

const lineOf = (n: number) => sceneLine(records[n - 1]!, () => 'MARTA')!;

describe('A line of a scene', () => {
  it('has who speaks, to whom, and the words on one line; directions stand in brackets', () => {
    expect(plainLine(lineOf(6))).toBe('OLD HUGO [To Marta]. The wind has a new voice.');
    expect(plainLine(lineOf(7))).toBe('MARTA [Aside]. So.');
    expect(plainLine(lineOf(2))).toBe('[Enter Marta and Old Hugo.]');
    const note: Recorded = {
      n: 9,
      time: '',
      kind: 'note',
      text: '[A bell.]',
      by: 'human',
      heard: both,
    };
    expect(plainLine(sceneLine(note, () => '')!)).toBe('[A bell.]');
    const edit: Recorded = { n: 9, time: '', kind: 'edit', of: 7, text: 'Well.' };
    expect(plainLine(sceneLine(edit, () => 'MARTA')!)).toBe('MARTA. Well. [edited]');
    expect(sceneLine(records[4]!, () => '')).toBeUndefined(); // what is struck is on no page
  });

  it('says why a scene ended', () => {
    expect(endText('loop', 1, 'repeat')).toBe('after 1 turn: it went in circles (repeat)');
  });
});
