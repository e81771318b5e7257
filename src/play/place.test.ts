import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printings } from '../testing/plays/ostrava.ts';
import { parsePlay } from './parse.ts';
import { comparePlaces, formatPlace, parsePlace, requirePlace } from './place.ts';

const play = parsePlay(new TextEncoder().encode(printings.Markdown!));
const place = fc.record(
  { act: fc.nat(99), scene: fc.nat(99), line: fc.nat(9999) },
  { requiredKeys: ['act', 'scene'] },
);

describe('a place', () => {
  it('is read and printed alike', () => {
    expect(parsePlace('3.1')).toEqual({ act: 3, scene: 1 });
    expect(parsePlace(' 3.1.56 ')).toEqual({ act: 3, scene: 1, line: 56 });
    fc.assert(
      fc.property(place, (one) => {
        expect(parsePlace(formatPlace(one))).toEqual(one);
      }),
    );
  });

  it.each(['', '3', 'III.1', '3.1.', '3.1.x', '-1.2', '1.2.3.4'])('is not "%s"', (text) => {
    expect(() => parsePlace(text)).toThrow(expect.objectContaining({ code: 'PLACE_UNKNOWN' }));
  });

  it('comes before what is printed after it', () => {
    const sorted = ['2.1', '1.2.10', '1.2', '1.10', '1.2.9'].map(parsePlace).sort(comparePlaces);
    expect(sorted.map(formatPlace)).toEqual(['1.2', '1.2.9', '1.2.10', '1.10', '2.1']);
  });

  it('is the first scene of an act where its number alone is given', () => {
    expect(requirePlace(play, ' 2')).toEqual({ act: 2, scene: 1 });
  });

  it.each(['noon', '9', '1.9'])(
    'that is not in the play, such as %s, is refused with its scenes',
    (text) => {
      expect(() => requirePlace(play, text)).toThrow(
        expect.objectContaining({
          remedy: expect.stringContaining('The scenes are 1.1 to 1.2, 2.1'),
        }),
      );
    },
  );

  it('must be in the play', () => {
    expect(requirePlace(play, '1.2.3')).toEqual({ act: 1, scene: 2, line: 3 });
    expect(() => requirePlace(play, '1.9')).toThrow('no scene 1.9; act 1 has scenes 1, 2');
    expect(() => requirePlace(play, '9')).toThrow('no act 9');
    expect(() => requirePlace(play, '9.9')).toThrow('no scene 9.9; it has acts 1, 2');
  });
});
