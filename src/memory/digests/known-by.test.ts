import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, parsePlace } from '../../play/place.ts';
import type { Place, Play } from '../../play/play.ts';
import { lighthouse } from '../../testing/plays/lighthouse.ts';
import { lighthouseHeader, lighthouseRows } from '../../testing/plays/lighthouse-digests.ts';
import { mill } from '../../testing/plays/mill.ts';
import { checkDigests } from './check-digests.ts';
import type { Digest } from './digest.ts';
import { type DigestRow, parseDigestFile, writeDigestFile } from './digest-file.ts';
import { knownBy } from './known-by.ts';
import { renderDigest } from './render-digest.ts';
import { type StageLine, StageLines } from './stage-lines.ts';

const read = (rows: readonly DigestRow[], play: Play): readonly Digest[] => {
  const file = parseDigestFile(writeDigestFile({ ...lighthouseHeader, persons: {} }, rows));
  const { digests, faults } = checkDigests(file, play);
  expect(faults).toEqual([]);
  return digests;
};

describe('who knows a fact at a place', () => {
  const { digests } = checkDigests(
    parseDigestFile(writeDigestFile(lighthouseHeader, lighthouseRows)),
    lighthouse,
  );
  const knows = (id: string, who: string, at?: string): string | undefined =>
    knownBy(digests.find((one) => one.id === id)!, who, at === undefined ? at : parsePlace(at))
      ?.way;

  it('is a witness, once it is over', () => {
    expect(knows('1.1-1', 'BEN', '1.1.2')).toBeUndefined();
    expect(knows('1.1-1', 'BEN', '1.1.3')).toBe('witnessed');
    expect(knows('1.1-1', 'BEN')).toBe('witnessed');
  });

  it('is nobody but the speaker, of a soliloquy', () => {
    expect(knows('1.1-2', 'ADA', '1.2')).toBe('witnessed');
    expect(knows('1.1-2', 'BEN')).toBeUndefined();
    expect(knows('1.1-2', 'CLEO')).toBeUndefined();
  });

  it('is who took part, from the scene named on, if it is not shown', () => {
    expect(knows('1.2-1', 'BEN', '1.1')).toBe('witnessed');
    expect(knows('1.2-1', 'ADA')).toBeUndefined();
  });

  it('is who was told, once they were told', () => {
    expect(knows('1.2-1', 'CLEO', '1.2.1')).toBeUndefined();
    expect(knows('1.2-1', 'CLEO', '1.2.2')).toBe('told');
    expect(knows('1.2-2', 'ADA', '2.1')).toBeUndefined();
    expect(knows('1.2-2', 'ADA')).toBe('told');
  });

  it('counts from the earlier of two ways to learn it', () => {
    const twice = {
      ...lighthouseRows[1]!,
      told: [{ who: 'ADA', at: '2.1.3' }],
      text: '{ADA} knew of the bell.',
      about: ['ADA'],
    };
    expect(knownBy(read([twice], lighthouse)[0]!, 'ADA')?.way).toBe('witnessed');
    const offstage = { ...twice, offstage: '2.1', told: [{ who: 'ADA', at: '1.1.4' }] };
    expect(knownBy(read([offstage], lighthouse)[0]!, 'ADA')).toMatchObject({ way: 'told' });
  });
});

/** Places where somebody may be asked: before, in and behind any line, and at scenes. */
const anyPlace = (lines: readonly StageLine[]): fc.Arbitrary<Place> =>
  fc.constantFrom(...lines.flatMap(({ place }) => [place, { act: place.act, scene: place.scene }]));

for (const [name, play] of [
  ['lighthouse', lighthouse],
  ['mill', mill.play],
] as const) {
  const lines = new StageLines(play).scenes.flat();
  const quotable = lines.filter(({ plain }) => plain.trim().split(' ').length >= 3);
  const cast = play.cast.filter(({ speeches }) => speeches > 0).map((member) => member.name);

  /** A digest at a drawn line, with drawn witnesses of those present, and people told at drawn lines. */
  const anyRow: fc.Arbitrary<DigestRow> = fc
    .record({
      line: fc.constantFrom(...quotable),
      isOffstage: fc.boolean(),
      picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
      told: fc.array(fc.record({ line: fc.nat(), who: fc.nat() }), { maxLength: 3 }),
    })
    .map(({ line, isOffstage, picks, told }): DigestRow => {
      const { act, scene } = line.place;
      const place = `${act}.${scene}.${line.place.line}`;
      const there = isOffstage ? cast : [...line.present].filter((one) => cast.includes(one));
      const pool = there.length > 0 ? there : cast;
      const witnesses = [...new Set(picks.map((pick) => pool[pick % pool.length]!))];
      const later = lines.filter(({ place }) => comparePlaces(place, line.place) >= 0);
      const tellings = told.flatMap(({ line: at, who }) => {
        const heard = later[at % later.length]!;
        const listeners = [...heard.present].filter((one) => cast.includes(one));
        const listener = listeners[who % listeners.length];
        const { act, scene, line } = heard.place;
        return listener === undefined ? [] : [{ who: listener, at: `${act}.${scene}.${line}` }];
      });
      return {
        id: `canary ${place}`,
        from: place,
        end: place,
        words: line.text.split(/\s+/).slice(0, 3).join(' '),
        text: `{${witnesses[0]}} hid canary number ${place} here.`,
        about: [witnesses[0]!],
        witnesses,
        ...(isOffstage || there.length === 0 ? { offstage: `${act}.${scene}` } : {}),
        told: tellings,
      };
    })
    .filter((row) => row.words.split(/\W+/).filter(Boolean).length >= 2);

  describe(`the facts of the ${name}`, () => {
    it('are never shown to one who neither witnessed them nor was told before', () => {
      fc.assert(
        fc.property(anyRow, anyPlace(lines), fc.constantFrom(...cast), (row, at, who) => {
          const [digest] = read([row], play);
          const shown = knownBy(digest!, who, at) ? renderDigest(digest!, { character: who }) : '';
          const isOver = (place: string): boolean => {
            const { line, ...scene } = parsePlace(place);
            return line === undefined
              ? comparePlaces(scene, at) <= 0
              : comparePlaces({ ...scene, line }, at) < 0;
          };
          const witnessed = row.witnesses.includes(who) && isOver(row.offstage ?? row.end);
          const wasTold = (row.told ?? []).some((told) => told.who === who && isOver(told.at));
          expect(shown.includes('canary')).toBe(witnessed || wasTold);
        }),
        { numRuns: 300 },
      );
    });

    it('are never forgotten: who knows one at a place knows it later and in the end', () => {
      fc.assert(
        fc.property(anyRow, anyPlace(lines), anyPlace(lines), (row, one, other) => {
          const [digest] = read([row], play);
          const [early, late] = comparePlaces(one, other) <= 0 ? [one, other] : [other, one];
          for (const who of cast) {
            if (knownBy(digest!, who, early)) expect(knownBy(digest!, who, late)).toBeDefined();
            if (knownBy(digest!, who, late)) expect(knownBy(digest!, who)).toBeDefined();
          }
        }),
        { numRuns: 200 },
      );
    });
  });
}
