import { describe, expect, it } from 'vitest';
import { printings } from '../../testing/plays/ostrava.ts';
import { parsePlay } from '../parse.ts';
import { findCharacter } from './find-character.ts';

const play = parsePlay(new TextEncoder().encode(printings.Markdown!));
const label = (name: string): string => `**${name}**\nLine.\n\n`;
const known = parsePlay(
  new TextEncoder().encode(
    `# Hamlet\n\n## ACT I\n\n### SCENE I\n\n${['HAMLET', 'KING CLAUDIUS', 'QUEEN GERTRUDE', 'HORATIO', 'OPHELIA', 'LAERTES', 'LORD POLONIUS', 'Player King'].map(label).join('')}`,
  ),
);

describe('findCharacter', () => {
  it.each([
    ['marta', 'MARTA'],
    [' Lady Odile ', 'LADY ODILE'],
    ['odile', 'LADY ODILE'],
    ['the ferryman', 'FERRYMAN'],
    ['1st watchman', 'FIRST WATCHMAN'],
    ['ferry', 'FERRYMAN'],
  ])('finds %s', (asked, name) => {
    expect(findCharacter(play, asked).name).toBe(name);
  });

  it.each([
    ['king', 'KING CLAUDIUS'],
    ['Claudius', 'KING CLAUDIUS'],
    ['gertrude', 'QUEEN GERTRUDE'],
    ['player king', 'PLAYER KING'],
    ['Ham.', 'HAMLET'],
  ])('finds %s by other names in a play it knows', (asked, name) => {
    expect(findCharacter(known, asked).name).toBe(name);
  });

  it('lists those that a name fits', () => {
    expect(() => findCharacter(play, 'Watchman')).toThrow(
      expect.objectContaining({
        code: 'CHARACTER_AMBIGUOUS',
        message: expect.stringContaining('FIRST WATCHMAN, SECOND WATCHMAN'),
      }),
    );
  });

  it('suggests the nearest names', () => {
    expect(() => findCharacter(play, 'Marat')).toThrow(
      expect.objectContaining({
        code: 'CHARACTER_UNKNOWN',
        message: expect.stringMatching(/nearest names are MARTA/),
      }),
    );
    expect(() => findCharacter(play, '')).toThrow(
      expect.objectContaining({ code: 'CHARACTER_UNKNOWN' }),
    );
  });
});
