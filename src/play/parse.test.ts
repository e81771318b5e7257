import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { account, withoutTags } from '../testing/accounting.ts';
import { printings, scenes, title } from '../testing/plays/ostrava.ts';
import { shapes } from '../testing/plays/shapes.ts';
import { playToCsv } from './formats/to-csv.ts';
import { parsePlay } from './parse.ts';
import type { Play } from './play.ts';
import { speeches } from './speeches.ts';
import { words } from './words.ts';

const read = (text: string): Play => parsePlay(new TextEncoder().encode(text));

/** Place, speakers and words of every speech, from the play as it was invented. */
const invented = scenes.flatMap(({ act, scene, turns }) =>
  turns.flatMap((turn) =>
    'stage' in turn
      ? []
      : [
          {
            place: `${act}.${scene}`,
            speakers: turn.who,
            words: turn.say.flatMap((part) => (typeof part === 'string' ? words(part) : [])),
          },
        ],
  ),
);
const found = (play: Play) =>
  [...speeches(play)].map(({ act, scene, speech }) => ({
    place: `${act.number}.${scene.number}`,
    speakers: speech.speakers,
    words: words(speech.lines.join('\n')),
  }));
const directions = (play: Play): string[] =>
  play.acts
    .flatMap((act) => act.scenes)
    .flatMap(({ elements }) => elements)
    .filter((element) => element.kind === 'direction')
    .map(({ text }) => words(text).join(' '));

describe.each(Object.entries(printings))('the invented play as %s', (_, text) => {
  const play = read(text);

  it('has every speech, with its speakers and its words, where it belongs', () => {
    expect(found(play)).toEqual(invented);
  });

  it('has every direction', () => {
    const wanted = scenes.flatMap(({ turns }) =>
      turns.flatMap((turn) =>
        'stage' in turn
          ? [words(turn.stage).join(' ')]
          : turn.say.flatMap((part) =>
              typeof part === 'string' ? [] : [words(part.aside).join(' ')],
            ),
      ),
    );
    expect(directions(play)).toEqual(wanted);
  });

  it('loses no word and invents none', () => {
    const plain = /^<|^\s*</.test(text) ? withoutTags(text) : text;
    const { lost, invented: made } = account(plain, play);
    const untitled = play.title === 'Untitled' ? ['untitled'] : [];
    const cells =
      play.format === 'csv' ? new Set([...lost, ...words(text.split('\n')[0]!)]) : new Set();
    expect(lost.filter((word) => !cells.has(word))).toEqual([]);
    expect(made).toEqual(untitled);
  });

  it('knows who is on stage', () => {
    const present = (place: string): readonly string[] =>
      [...speeches(play)].find(({ speech }) => speech.place === place)!.speech.present;
    expect(present('1.1.1')).toEqual(['FERRYMAN', 'MARTA']);
    expect(present('1.1.4')).toEqual(['MARTA']);
    expect(present('1.1.6')).toEqual(['BRUNO', 'MARTA']);
    expect(present('1.2.4'), 'a voice from within').toEqual(['FIRST WATCHMAN', 'SECOND WATCHMAN']);
    expect(present('1.2.8'), 'all but one').toEqual(['BRUNO']);
    expect(present('2.1.6')).toEqual(['ALL', 'BRUNO', 'LADY ODILE', 'MARTA']);
  });

  it('says that the voice from within is not on stage, and nothing else of anybody', () => {
    const said = play.warnings.map(({ message }) => message).filter((m) => m.includes(' speaks '));
    expect(said).toEqual(['BRUNO speaks at 1.2.4 without being on stage']);
  });
});

describe('parsePlay', () => {
  it('finds the title that is printed, unless it is told another', () => {
    for (const text of [
      printings.Markdown!,
      printings['Bosak XML']!,
      printings.TEI!,
      printings.CSV!,
    ])
      expect(read(text).title).toBe(title);
    expect(read(printings['Gutenberg, current']!).title).toBe(title.toUpperCase());
    expect(
      parsePlay(new TextEncoder().encode(printings.Markdown!), { title: 'Another' }).title,
    ).toBe('Another');
  });

  it('reads back the table it writes', () => {
    const play = read(printings.Markdown!);
    expect(found(read(playToCsv(play)))).toEqual(found(play));
  });

  it('numbers the lines of a scene from 1, split lines once', () => {
    const play = read(
      '## ACT I\n\n### SCENE I\n\n**A**\nOne [Aside] still one\ntwo\n\n**B**\nthree\n',
    );
    expect([...speeches(play)].map(({ speech }) => speech.place)).toEqual(['1.1.1', '1.1.3']);
  });

  it('refuses what is no play, saying what it saw', () => {
    expect(() => read('')).toThrow('the text is empty');
    expect(() => read('Dear diary, nothing happened today.')).toThrow(
      'no speech was found in 1 lines',
    );
    expect(() => parsePlay(Uint8Array.from({ length: 500 }, (_, i) => i % 7))).toThrow('not text');
  });

  it('never expands entities, and opens nothing outside', () => {
    const bomb = `<?xml version="1.0"?><!DOCTYPE PLAY [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
      <PLAY><ACT><SCENE><SPEECH><SPEAKER>A</SPEAKER><LINE>&b; &x; hello</LINE></SPEECH></SCENE></ACT></PLAY>`;
    expect(found(read(bomb))).toMatchObject([{ words: ['b', 'x', 'hello'] }]);
  });

  it('gives a play or a PLAY_UNREADABLE for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expectPlayOrError(bytes);
      }),
    );
  });

  it('gives a play or a PLAY_UNREADABLE for any mutilation of any printing', () => {
    const cuts = fc.array(
      fc.record({
        at: fc.nat(10_000),
        length: fc.nat(200),
        put: fc.oneof(
          fc.string(),
          fc.constantFrom('[', '_', '**', '\n\n', '<', '>', '&', '"', '\t', 'ACT', '\0'),
        ),
      }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(printings)), cuts, (text, edits) => {
        let damaged = text;
        for (const { at, length, put } of edits)
          damaged =
            damaged.slice(0, at % text.length) + put + damaged.slice((at % text.length) + length);
        expectPlayOrError(new TextEncoder().encode(damaged));
      }),
      { numRuns: 300 },
    );
  });
});

function expectPlayOrError(bytes: Uint8Array): void {
  try {
    const play = parsePlay(bytes);
    expect(play.cast.length).toBeGreaterThan(0);
    for (const { speech } of speeches(play)) expect(speech.speakers.length).toBeGreaterThan(0);
  } catch (error) {
    expect(error).toBeInstanceOf(DramatisError);
    expect((error as DramatisError).code).toBe('PLAY_UNREADABLE');
  }
}

describe('Who is listed in full and labelled by one word', () => {
  it('is one member of the cast, named as the labels name them', () => {
    const play = read(shapes.find(({ name }) => name.startsWith('names in full'))!.text);
    expect(play.cast.map(({ name, aliases }) => [name, ...aliases]).sort()).toEqual([
      ['CROSS', 'JUDGE CROSS'],
      ['HARROW', 'GEORGE HARROW'],
      ['MISS HARROW', 'MISS AGNES HARROW'],
      ['NELL', 'NELL HARROW'],
    ]);
  });
});
