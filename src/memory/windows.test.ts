import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Play, SceneElement } from '../play/play.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { isWitnessed } from './passage.ts';
import { windowsOf } from './windows.ts';

const play = (elements: readonly SceneElement[]): Play => ({
  title: 'A page',
  format: 'csv',
  acts: [{ number: 1, heading: '', scenes: [{ number: 1, heading: '', elements }] }],
  cast: [],
  warnings: [],
});

const said = (
  line: number,
  text: string,
  present: readonly string[] = ['ADA', 'BEN'],
): SceneElement => ({
  kind: 'speech',
  speakers: [present[line % present.length]!],
  label: '',
  lines: [text],
  place: `1.1.${line}`,
  present,
});

describe('windowsOf', () => {
  it('has the labels of an exchange, and the directions between its speeches', () => {
    const [first] = windowsOf(
      play([
        { kind: 'direction', text: 'Enter ADA and BEN' },
        said(1, 'Who rang the bell?'),
        { kind: 'direction', text: 'Thunder' },
        said(2, 'The wind.'),
        said(3, 'I think not.'),
        { kind: 'direction', text: 'Exeunt' },
      ]),
    );
    expect(first).toMatchObject({
      place: '1.1.1',
      end: { act: 1, scene: 1, line: 3 },
      text: 'BEN: Who rang the bell?\n[Thunder]\nADA: The wind.\nBEN: I think not.',
    });
  });

  it('begins each window within the one before, so that every three speeches in a row stand in one', () => {
    const lines = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(lines, (lengths) => {
        const texts = lengths.map((count, i) => `word${i} ${'and '.repeat(count)}`.trim());
        const windows = windowsOf(play(texts.map((text, i) => said(i + 1, text))));
        for (let i = 0; i + 2 < texts.length; i += 1) {
          const [from, end] = [i + 1, i + 3];
          const holds = windows.filter(
            (one) => parsePlace(one.place).line! <= from && one.end.line >= end,
          );
          // A long speech in the middle may end a window; both neighbours are then in the next.
          if (lengths.slice(i, i + 3).every((count) => count < 15))
            expect(holds.length, `speeches ${from} to ${end}`).toBeGreaterThan(0);
        }
        for (const one of windows) expect(one.text.split('\n').length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('leaves out what a listener missed, and keeps it for those who heard it', () => {
    const windows = windowsOf(
      play([
        said(1, 'Stay a while.'),
        said(2, 'I must not.'),
        said(3, 'The bell is sold.', ['ADA']),
        said(4, 'What do you say?'),
        said(5, 'Nothing.'),
      ]),
    );
    expect(windows.map(({ witnesses }) => [...witnesses])).toEqual([['ADA'], ['BEN']]);
    expect(windows[0]!.text).toContain('The bell is sold.');
    expect(windows[1]!.text).not.toContain('sold');
  });

  it('is witnessed only by whoever heard all of it, for everyone at every place', () => {
    const places = ['1.1.2', '1.1.3', '1.2', '1.2.2', '2.1', '9.9'];
    const windows = windowsOf(lighthouse);
    expect(windows.length).toBeGreaterThan(2);
    for (const who of ['ADA', 'BEN', 'CLEO', 'NOBODY'])
      for (const at of places) {
        const before = parsePlace(at);
        const heard = lighthouse.acts
          .flatMap(({ scenes }) => scenes.flatMap(({ elements }) => elements))
          .flatMap((element) => {
            if (element.kind !== 'speech') return [];
            const isThere = element.present.includes(who) || element.speakers.includes(who);
            return isThere && comparePlaces(parsePlace(element.place), before) < 0
              ? [element.lines.join(' ')]
              : [];
          });
        for (const one of windows.filter((window) => isWitnessed(window, who, before)))
          for (const line of one.text.split('\n').filter((text) => !text.startsWith('[')))
            expect(heard, `${who} at ${at}`).toContain(line.replace(/^[A-Za-z ]+: /, ''));
      }
  });
});
