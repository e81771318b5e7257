import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findLabel } from './label.ts';

const names = ['HAMLET', 'OPHELIA', 'OPH', 'LADY MACBETH', 'MACBETH', 'FIRST CLOWN', 'ASSISTANT'];
const own = 'I did love you once.';

describe('A label inside a reply', () => {
  it.each([
    ['OPHELIA: My lord.', 'in capitals'],
    ['OPHELIA. My lord.', 'in capitals with a stop'],
    ['Ophelia: My lord.', 'in small letters'],
    ['ophelia: My lord.', 'in small letters alone'],
    ['**Ophelia:** My lord.', 'in Markdown'],
    ['**OPHELIA**\nMy lord.', 'in bold on a line'],
    ['[Ophelia] My lord.', 'in brackets'],
    ['<Ophelia> My lord.', 'in angle brackets'],
    ['OPHELIA (aside): My lord.', 'with a direction'],
    ['OPHELIA [To Hamlet]. My lord.', 'with a bracketed direction'],
    ['Lady Macbeth: My lord.', 'of two words'],
    ['First Clown: My lord.', 'of a role'],
    ['Assistant: My lord.', 'of a program'],
    ['THE PLAYER KING: My lord.', 'of somebody who is not in the list'],
  ])('is found after a sentence: %s', (label) => {
    expect(findLabel(`${own} ${label}`, names)?.at).toBe(own.length + 1);
    expect(findLabel(`${own}\n\n${label}`, names)?.at).toBe(own.length + 2);
    expect(findLabel(label, names)?.at).toBe(0);
  });

  it.each([
    '\nOphelia.\nMy lord.',
    '\nOph. My lord.',
    '\nOPHELIA\nMy lord.',
    '\nOphelia\nMy lord.',
    '\nOPHELIA',
  ])('is found on a line of its own: %j', (label) => {
    expect(findLabel(own + label, names)?.at).toBe(own.length + 1);
  });

  it('is found in mid-sentence where it stands in capitals before a colon', () => {
    expect(findLabel('I loved OPHELIA: My lord', names)?.at).toBe(8);
  });

  it.each([
    'Soft you now! The fair Ophelia.',
    'I loved Ophelia: forty thousand brothers could not.',
    'Ophelia, get thee to a nunnery.',
    'Ophelia!',
    'Hamlet.',
    'My name is Macbeth. What is thine?',
    'I say to thee: Ophelia walks by the brook.',
    'I: who else? O, answer me!',
    'Good night. Sweet Ophelia, good night.',
    'Macbeth does murder sleep.',
    'He is called "Hamlet".',
  ])('is not a name in a sentence: %s', (text) => {
    expect(findLabel(text, names)).toBeUndefined();
  });

  it('leaves everything before it as it is', () => {
    const sentence = fc
      .array(fc.constantFrom('sweet', 'Ophelia', 'my', 'lord', 'Hamlet', 'is', 'gone'), {
        minLength: 1,
        maxLength: 8,
      })
      .map((list) => `The ${list.join(' ')}.`);
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 4 }), sentence, (before, after) => {
        const said = before.join(' ');
        expect(findLabel(said, names)).toBeUndefined();
        expect(findLabel(`${said} OPHELIA: ${after}`, names)?.at).toBe(said.length + 1);
      }),
      { numRuns: 300 },
    );
  });
});
