import { describe, expect, it } from 'vitest';
import { leadsOfPlays, plays } from '../hub/catalogue.ts';
import { playOf } from './find-play.ts';

describe('the play of a character', () => {
  it('is the one known play that has them', () => {
    expect(playOf('hamlet')).toBe('hamlet');
    expect(playOf('Ophelia')).toBe('hamlet');
    expect(playOf('lady macbeth')).toBe('macbeth');
    expect(playOf('BANQUO')).toBe('macbeth');
    expect(playOf('Claudius')).toBe('hamlet');
  });

  it('must be named for somebody who is in several', () => {
    expect(() => playOf('king')).toThrow(expect.objectContaining({ code: 'CHARACTER_AMBIGUOUS' }));
  });

  it('is found for the leading parts of every play of the catalogue', () => {
    expect(playOf('romeo')).toBe('romeo-and-juliet');
    expect(playOf('Lear')).toBe('king-lear');
    expect(() => playOf('falstaff')).toThrow(
      /somebody in henry-iv-part-1 and in henry-iv-part-2 and in merry-wives-of-windsor/,
    );
    const ids = plays().map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...leadsOfPlays().keys()]));
    expect(new Set([...leadsOfPlays().keys(), 'hamlet', 'macbeth']).size).toBe(ids.length);
  });

  it('must be named for a stranger; names like the one given are suggested', () => {
    expect(() => playOf('hamlt')).toThrow(/nearest names are HAMLET/);
    expect(() => playOf('')).toThrow(expect.objectContaining({ code: 'CHARACTER_UNKNOWN' }));
  });
});
