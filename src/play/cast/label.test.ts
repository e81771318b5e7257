import { describe, expect, it } from 'vitest';
import { jointParts, normalName, roleOf, singular } from './label.ts';

describe('a label', () => {
  it.each([
    ['Mar.', 'MAR'],
    ['MARTA:', 'MARTA'],
    ['1 Watch.', 'FIRST WATCH'],
    ['I Play.', 'FIRST PLAY'],
    ['2nd Gentleman', 'SECOND GENTLEMAN'],
    ['Witch 3', 'THIRD WITCH'],
    ['The Ghost', 'GHOST'],
    ['3. Murtherer', 'THIRD MURDERER'],
    ['HENRY IV', 'HENRY IV'],
    ['Marta’s Brother', "MARTA'S BROTHER"],
    ['MARTA [aside]', 'MARTA'],
  ])('%s is %s', (printed, name) => {
    expect(normalName(printed)).toBe(name);
  });

  it.each([
    ['ROSA and BRUNO', ['ROSA', 'BRUNO']],
    ['Ros. & Bru.', ['Ros.', 'Bru.']],
    ['A/ B', ['A', 'B']],
    ['ROSA: & BRUNO:', ['ROSA:', 'BRUNO:']],
    ['ALEXANDER', ['ALEXANDER']],
  ])('%s is of %j', (printed, parts) => {
    expect(jointParts(printed)).toEqual(parts);
  });

  it('has a role, its last word in the singular', () => {
    expect(roleOf('FIRST WITCH')).toBe('WITCH');
    expect(['WATCHMEN', 'WITCHES', 'LORDS', 'LADIES', 'BOSS', 'CLAUDIUS'].map(singular)).toEqual([
      'WATCHMAN',
      'WITCH',
      'LORD',
      'LADY',
      'BOSS',
      'CLAUDIUS',
    ]);
  });
});
