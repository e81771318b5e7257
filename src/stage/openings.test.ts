import { describe, expect, it } from 'vitest';
import { openingsAfterStruck, openingsOf } from './openings.ts';

const turns = (...texts: readonly string[]) => texts.map((text) => ({ text }));

describe('Words that a turn begins with less likely', () => {
  it('are the first words of the last four turns, each time they were said', () => {
    const said = turns('The bell, sir.', 'Madam, no.', '“Madam!”', 'O’er the sea.', 'Madam?');
    expect(openingsOf(said)).toEqual(
      new Map([
        ['Madam', -6],
        ['O’er', -2],
      ]),
    );
  });

  it('are none where nobody has said a word', () => {
    expect(openingsOf(turns('', '…')).size).toBe(0);
  });

  it('are others after a draft was struck', () => {
    const openings = openingsOf([{ text: 'Madam, I wish it.' }]);
    const after = openingsAfterStruck(openings, '“Madam, I do.”');
    expect(after.get('Madam')).toBeLessThan(openings.get('Madam')!);
    expect(openingsAfterStruck(after, '…')).toEqual(after);
    expect(openingsAfterStruck(openings, 'Ay.').get('Ay')).toBeLessThan(0);
  });
});
