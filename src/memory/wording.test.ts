import { describe, expect, it } from 'vitest';
import { firstPerson, thirdPerson } from './wording.ts';

const names = {
  self: 'Hamlet',
  kin: [
    ['my uncle', 'Claudius'],
    ['my father', 'old King Hamlet'],
    ["my father's ghost", 'the ghost'],
    ['my mother', 'Gertrude'],
  ],
  titles: [['the king', 'Claudius']],
} as const;

describe('firstPerson', () => {
  it.each([
    ['Who killed your father?', 'Who killed my father?'],
    ['Whom did you kill in your mother’s room?', "Whom did I kill in my mother's room?"],
    ['What did the ghost tell you?', 'What did the ghost tell me?'],
    ['Where were you when you heard it?', 'Where was I when I heard it?'],
    ['Why could you not pray?', 'Why could I not pray?'],
    ['Is that crown yours?', 'Is that crown mine?'],
    ['What hast thou done to thyself?', 'What hast I done to myself?'],
    ['You never loved her?', 'I never loved her?'],
    ['Who was Yorick?', 'Who was Yorick?'],
  ])('says "%s" as "%s"', (asked, said) => {
    expect(firstPerson(asked)).toBe(said);
  });
});

describe('thirdPerson', () => {
  it.each([
    ['Who killed my father?', 'Who killed old King Hamlet?'],
    ["What did my father's ghost tell me?", 'What did the ghost tell Hamlet?'],
    ["Whom did I kill in my mother's room?", "Whom did Hamlet kill in Gertrude's room?"],
    ['Did my uncle Claudius pray?', 'Did Claudius pray?'],
    ['What did the king do?', 'What did Claudius do?'],
    ['Who is the king of Norway?', 'Who is the king of Norway?'],
    ['What was in my letter?', "What was in Hamlet's letter?"],
    ['I am whose friend?', 'Hamlet is whose friend?'],
  ])('says "%s" as "%s"', (own, told) => {
    expect(thirdPerson(own, names)).toBe(told);
  });
});
