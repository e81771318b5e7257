import { describe, expect, it } from 'vitest';
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

  it('must be named for a stranger; names like the one given are suggested', () => {
    expect(() => playOf('hamlt')).toThrow(/nearest names are HAMLET/);
    expect(() => playOf('')).toThrow(expect.objectContaining({ code: 'CHARACTER_UNKNOWN' }));
  });
});
