import fc from 'fast-check';
import { Fountain } from 'fountain-js';
import { describe, expect, it } from 'vitest';
import { openEvent } from '../../testing/stage-scene.ts';
import type { Recorded, StageEvent } from '../events.ts';
import { stateOf } from '../state.ts';
import { asFountain } from './fountain.ts';

const written = (...events: readonly StageEvent[]): string =>
  asFountain(
    stateOf(
      [openEvent, ...events].map(
        (event, i): Recorded => ({ n: i + 1, time: '2026-01-31T12:00:00Z', ...event }),
      ),
    ),
  );
const turn = (text: string, more: object = {}): StageEvent => ({
  ...{ kind: 'turn', who: 'OLD HUGO', playedBy: 'model', heard: [], text, seed: 11, ...more },
});

/** What a reader of Fountain finds, as "kind: words"; what is escaped is as it was. */
const read = (text: string): string[] =>
  new Fountain()
    .parse(text, true)
    .tokens.filter(({ type }) => !/^(?:dialogue_(?:begin|end)|spaces)$/.test(type))
    .map((token) => `${token.type}: ${unescaped(token.text ?? '')}`);
const unescaped = (text: string): string =>
  text.replaceAll('\u2060', '').replace(/\\([@#!*_$~`+=.><\\/])/g, '$1');

describe('A scene as Fountain', () => {
  it('is a page that a program for screenplays reads', () => {
    const text = written(
      { kind: 'enter', who: ['MARTA', 'OLD HUGO'], by: 'situation' },
      turn('Who keeps the light?', { to: 'MARTA' }),
      turn('Not I.', { isAside: true, seed: undefined }),
      { kind: 'tell', to: 'MARTA', text: 'Say nothing.', by: 'human' },
      { kind: 'note', text: 'The lamp goes out.', by: 'director', heard: [] },
    );
    expect(text).toBe(`Title: The Lantern
Credit: Played by Dramatis 0.0.0 with tiny, seed 7, scene abcdef.
Draft date: 2026-01-31

.1.2 THE LANTERN ROOM

!Enter Marta and Old Hugo.

@Old Hugo
(To Marta)
Who keeps the light?

[[turn 3, seed 11]]

@Old Hugo
(aside)
Not I.

!To Marta alone: Say nothing.

!The lamp goes out.
`);
    expect(read(text)).toEqual([
      'title: The Lantern',
      'credit: Played by Dramatis 0.0.0 with tiny, seed 7, scene abcdef.',
      'draft_date: 2026-01-31',
      'scene_heading: 1.2 THE LANTERN ROOM',
      'action: Enter Marta and Old Hugo.',
      'character: Old Hugo',
      'parenthetical: (To Marta)',
      'dialogue: Who keeps the light?',
      'note: turn 3, seed 11',
      'character: Old Hugo',
      'parenthetical: (aside)',
      'dialogue: Not I.',
      'action: To Marta alone: Say nothing.',
      'action: The lamp goes out.',
    ]);
  });

  it('comes back from its reader word for word, whatever is said', () => {
    const piece = fc.constantFrom(
      ...['(aside)', '(', ')', '~', '#', '##', '>', '<', '!', '@', '.', '..', '=', '===', '*'],
      ...[
        '**',
        '_',
        '\\',
        '/*',
        '*/',
        '[[',
        ']]',
        '^',
        ':',
        'CUT TO:',
        'INT. HOUSE',
        'HAMLET',
        ' ',
      ],
      ...['\n', '\n\n', 'aye', 'O,', '[', ']', '+', '$', '`', '#1#', '  ', 'Title:', 'é', '—'],
    );
    const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, text, (said, noted) => {
        const line = (words: string): string => words.replace(/\s+/g, ' ').trim();
        const tokens = read(
          written(turn('Before.'), turn(said), {
            kind: 'note',
            text: noted,
            by: 'human',
            heard: [],
          }),
        ).slice(4);
        expect(tokens).toEqual([
          'character: Old Hugo',
          'dialogue: Before.',
          'note: turn 2, seed 11',
          'character: Old Hugo',
          `dialogue: ${line(said) || '…'}`,
          'note: turn 3, seed 11',
          ...(line(noted) === '' ? [] : [`action: ${line(noted)}`]),
        ]);
      }),
      { numRuns: 3000 },
    );
  });
});
