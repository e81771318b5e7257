import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SpokenText } from './spoken-text.ts';

function spoken(pieces: readonly string[]): { shown: string; text: string } {
  const filter = new SpokenText(['OLD HUGO', 'Old Hugo']);
  const shown = pieces.map((piece) => filter.push(piece)).join('') + filter.end();
  return { shown, text: filter.text };
}

describe('SpokenText', () => {
  it('drops the spaces around a reply and the speaker’s own label', () => {
    for (const reply of [
      '\n Who is there? ',
      'OLD HUGO: Who is there?\n\n',
      'Old Hugo: Who is there?',
      '**Old Hugo:** Who is there?',
      'OLD HUGO.\nWho is there?',
      '"Who is there?"',
      'Old Hugo: “Who is there?”',
      'Who is there?”',
    ])
      expect(spoken([...reply]).shown).toBe('Who is there?');
  });

  it('keeps the marks of a quotation inside it', () => {
    const reply = 'He said “who is there?” and "I".';
    expect(spoken([...reply]).shown).toBe(reply);
    expect(spoken(['He said “who is there?”']).shown).toBe('He said “who is there?”');
  });

  it('keeps a name that is no label', () => {
    expect(spoken(['Old Hugo. That is my name.']).shown).toBe('Old Hugo. That is my name.');
    expect(spoken(['Old Hugo is my name: so!']).shown).toBe('Old Hugo is my name: so!');
    expect(spoken(['Aye.']).shown).toBe('Aye.');
  });

  it('shows the same however the reply is cut into pieces', () => {
    const part = fc.constantFrom(
      'OLD HUGO',
      'Old Hugo',
      ':',
      '.',
      ' ',
      '\n',
      '**',
      'aye',
      ',',
      '!',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
        const whole = spoken([parts.join('')]);
        expect(spoken(parts)).toEqual(whole);
        expect(spoken([...parts.join('')])).toEqual(whole);
        expect(whole.shown).toBe(whole.text);
        expect(whole.shown).toBe(whole.shown.trim());
      }),
      { numRuns: 2000 },
    );
  });
});
