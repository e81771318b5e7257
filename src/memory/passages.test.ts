import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePlaces, parsePlace } from '../play/place.ts';
import type { Play, SceneElement } from '../play/play.ts';
import { words } from '../play/words.ts';
import { lighthouse } from '../testing/plays/lighthouse.ts';
import { isWitnessed } from './passage.ts';
import { passagesOf } from './passages.ts';

const play = (elements: readonly SceneElement[]): Play => ({
  title: 'A page',
  format: 'csv',
  acts: [{ number: 1, heading: '', scenes: [{ number: 1, heading: '', elements }] }],
  cast: [],
  warnings: [],
});

const said = (
  line: number,
  lines: readonly string[],
  more: { present?: string[]; continued?: true } = {},
): SceneElement => ({
  kind: 'speech',
  speakers: ['ADA'],
  label: 'ADA',
  lines,
  place: `1.1.${line}`,
  present: more.present ?? ['ADA', 'BEN'],
  ...(more.continued && { continued: true }),
});

describe('passagesOf', () => {
  it('gives a speech, its place, its speaker and who was there', () => {
    const [first] = passagesOf(lighthouse);
    expect(first).toMatchObject({
      place: '1.1.1',
      speaker: 'ADA',
      text: 'The oil is low and the wick burns crooked tonight.\nI counted seven ships upon the bar.',
      present: ['ADA', 'BEN'],
      end: { act: 1, scene: 1, line: 2 },
    });
  });

  it('leaves out words too few to mean anything alone', () => {
    expect(passagesOf(lighthouse).map(({ text }) => text)).not.toContain('No.');
  });

  it('names both speakers of a joint speech, and both have heard it', () => {
    const joint = passagesOf(lighthouse).find(({ text }) => text.startsWith('We swear'))!;
    expect(joint.speaker).toBe('CLEO and BEN');
    expect([...joint.witnesses].sort()).toEqual(['BEN', 'CLEO']);
  });

  it('counts a voice from within as a witness of its own words', () => {
    const storm = passagesOf(lighthouse).find(({ text }) => text.startsWith('A storm'))!;
    expect(storm.witnesses.has('CLEO')).toBe(true);
  });

  it('joins what goes on after a direction if the same people hear it', () => {
    const whole = passagesOf(
      play([
        said(1, ['I set the lamp upon the sill,']),
        { kind: 'direction', text: 'Aside', inline: true },
        said(2, ['and no one saw me do it.'], { continued: true }),
      ]),
    );
    expect(whole.map(({ text }) => text)).toEqual([
      'I set the lamp upon the sill,\nand no one saw me do it.',
    ]);
    expect(whole[0]!.end.line).toBe(2);
  });

  it('cuts it there if somebody has come or gone', () => {
    const cut = passagesOf(
      play([
        said(1, ['I set the lamp upon the sill,']),
        { kind: 'direction', text: 'Exit BEN', exits: ['BEN'] },
        said(2, ['and no one saw me do it.'], { continued: true, present: ['ADA'] }),
      ]),
    );
    expect(cut.map(({ witnesses }) => witnesses.has('BEN'))).toEqual([true, false]);
  });

  it('cuts a long speech into even pieces that end with sentences', () => {
    const lines = Array.from({ length: 20 }, (_, i) => `The ${i}th wave came in and it went.`);
    const pieces = passagesOf(play([said(1, lines)]));
    for (const { text } of pieces) expect(words(text).length).toBeGreaterThan(40);
    expect(pieces.map(({ place }) => place)).toEqual(['1.1.1', '1.1.8', '1.1.14']);
  });

  it('cuts a paragraph that is one line at its sentences, and all pieces keep its line', () => {
    const prose = Array.from({ length: 30 }, () => 'The tide comes in and out.').join(' ');
    const pieces = passagesOf(play([said(5, [prose])]));
    expect(pieces.length).toBeGreaterThan(1);
    expect(new Set(pieces.map(({ place }) => place))).toEqual(new Set(['1.1.5']));
  });

  it('loses no word and keeps the order, whatever the lines are', () => {
    const line = fc
      .array(fc.constantFrom('sea', 'light,', 'bell.', 'rope;', 'night!', 'wind'), {
        minLength: 4,
        maxLength: 90,
      })
      .map((tokens) => tokens.join(' '));
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 25 }), (lines) => {
        const pieces = passagesOf(play([said(1, lines)]));
        const kept = words(pieces.map(({ text }) => text).join(' '));
        const all = words(lines.join(' '));
        expect(kept).toEqual(all);
      }),
    );
  });
});

describe('isWitnessed', () => {
  it('says what a slow look at every speech says, for everyone at every place', () => {
    const everyone = ['ADA', 'BEN', 'CLEO', 'NOBODY'];
    const places = ['1.1', '1.1.2', '1.1.3', '1.2', '1.2.2', '2.1', '2.1.9', '9.9'];
    const passages = passagesOf(lighthouse);
    for (const name of everyone)
      for (const at of places) {
        const before = parsePlace(at);
        const slow = lighthouse.acts.flatMap(({ scenes }) =>
          scenes.flatMap(({ elements }) =>
            elements.flatMap((element) => {
              if (element.kind !== 'speech') return [];
              const first = parsePlace(element.place);
              const heard = element.present.includes(name) || element.speakers.includes(name);
              return element.lines
                .map((text, i) => ({ text, at: { ...first, line: first.line! + i } }))
                .filter((line) => heard && comparePlaces(line.at, before) < 0)
                .map(({ text }) => text);
            }),
          ),
        );
        const found = passages.filter((passage) => isWitnessed(passage, name, before));
        for (const { text } of found)
          for (const line of text.split('\n')) expect(slow, `${name} at ${at}`).toContain(line);
      }
  });

  it('keeps back a passage of which one line is not before the place', () => {
    const [first] = passagesOf(lighthouse);
    expect(isWitnessed(first!, 'BEN', parsePlace('1.1.2'))).toBe(false);
    expect(isWitnessed(first!, 'BEN', parsePlace('1.1.3'))).toBe(true);
  });
});
