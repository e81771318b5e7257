import { describe, expect, it } from 'vitest';
import { CastNames } from './cast-names.ts';
import type { Gender } from './genders.ts';
import { toTemplate } from './to-template.ts';

const member = (name: string) => ({ name, aliases: [], description: '', speeches: 3, words: 9 });
const names = new CastNames({
  cast: [
    ...['OTHELLO', 'DESDEMONA', 'IAGO', 'LADY CAPULET', 'CAPULET', 'DUKE OF VENICE', 'NURSE'],
    ...['FIRST SENATOR', 'SECOND SENATOR', 'ALL'],
  ].map(member),
});

const genders = new Map<string, Gender>([
  ...(['OTHELLO', 'IAGO', 'DUKE OF VENICE'] as const).map((name) => [name, 'man'] as const),
  ...(['DESDEMONA', 'LADY CAPULET'] as const).map((name) => [name, 'woman'] as const),
]);

const templateOf = (sentence: string): string => {
  const found = toTemplate(sentence, names, genders);
  return 'fault' in found ? `fault: ${found.fault}` : found.text;
};

describe('a drafted sentence', () => {
  it('has subjects at the start of clauses, objects after verbs and prepositions, and possessives', () => {
    expect(templateOf("Othello gave Desdemona Iago's handkerchief.")).toBe(
      "{OTHELLO} gave {DESDEMONA:me} {IAGO:'s} handkerchief.",
    );
    expect(templateOf('Iago told Othello that Desdemona had lied to Othello.')).toBe(
      '{IAGO} told {OTHELLO:me} that {DESDEMONA} had lied to {OTHELLO:me}.',
    );
    expect(templateOf('When Othello came, Iago left Desdemona because Othello was angry.')).toBe(
      'When {OTHELLO} came, {IAGO} left {DESDEMONA:me} because {OTHELLO} was angry.',
    );
  });

  it('has both of two who act together as subjects, and both of two acted on as objects', () => {
    expect(templateOf('Othello and Iago swore to kill Desdemona and Capulet.')).toBe(
      '{OTHELLO} and {IAGO} swore to kill {DESDEMONA:me} and {CAPULET:me}.',
    );
    expect(templateOf('Iago robbed Othello and Desdemona wept.')).toBe(
      '{IAGO} robbed {OTHELLO:me} and {DESDEMONA} wept.',
    );
  });

  it('knows a name by a part that one person alone has, and takes its title with it', () => {
    expect(templateOf('The Duke of Venice sent General Othello to Lady Capulet.')).toBe(
      '{DUKE OF VENICE} sent {OTHELLO:me} to {LADY CAPULET:me}.',
    );
    expect(templateOf('Lord Capulet sent a Senator away.')).toBe('{CAPULET} sent a Senator away.');
  });

  it('says who is called by what they are', () => {
    expect(toTemplate('Capulet sent the Nurse away.', names, genders)).toEqual({
      text: '{CAPULET} sent {NURSE:me} away.',
      about: ['CAPULET', 'NURSE'],
      roles: ['NURSE'],
    });
  });

  it('knows a role in small letters behind an article, and nobody by a word of one without', () => {
    expect(templateOf('Capulet sent the nurse for the nurse’s ladder.')).toBe(
      "{CAPULET} sent {NURSE:me} for {NURSE:'s} ladder.",
    );
    expect(templateOf('Capulet sent a nurse away.')).toBe('{CAPULET} sent a nurse away.');
  });

  it('has a pronoun made into whom it means, where it can mean one person alone', () => {
    expect(templateOf('Othello said he had lost his sword and hurt himself.')).toBe(
      '{OTHELLO} said {OTHELLO:he/I} had lost {OTHELLO:his/my} sword and hurt {OTHELLO:himself/myself}.',
    );
    expect(templateOf('Lady Capulet told the Duke of Venice that she wept for her son.')).toBe(
      '{LADY CAPULET} told {DUKE OF VENICE:me} that {LADY CAPULET:she/I} wept for {LADY CAPULET:her/my} son.',
    );
  });

  it('falls if a pronoun may mean several, or nobody', () => {
    expect(templateOf('Othello told Iago that he was lost.')).toBe('fault: pronoun');
    expect(templateOf('He told Iago of the storm.')).toBe('fault: pronoun');
    expect(templateOf('Capulet said that he was lost.')).toBe('fault: pronoun');
  });

  it('never has somebody do to themselves what a plain pronoun says is done to another', () => {
    expect(templateOf('Othello kissed him.')).toBe('fault: pronoun');
    expect(templateOf('Desdemona asked Othello what he meant by killing her.')).toBe(
      '{DESDEMONA} asked {OTHELLO:me} what {OTHELLO:he/I} meant by killing {DESDEMONA:her/me}.',
    );
  });

  it('falls if it names nobody, is in the present or the first person, or has somebody do something to themselves by name', () => {
    expect(templateOf('A storm sank the fleet.')).toBe('fault: nobody');
    expect(templateOf('Othello is jealous of Iago.')).toBe('fault: tense');
    expect(templateOf('Iago tells Othello a lie.')).toBe('fault: tense');
    expect(templateOf('Iago told Othello that he is lost.')).toBe('fault: tense');
    expect(templateOf('Iago told Othello that my sword was lost.')).toBe('fault: person');
    expect(templateOf("Othello asked Othello to kiss Iago's hand.")).toBe('fault: confused');
    expect(templateOf('Othello feared that Othello was lost.')).not.toContain('fault');
  });

  it('does not take a part of a word or of a shared name for a person', () => {
    expect(templateOf('Capulets fought the Senator.')).toBe('fault: nobody');
  });
});
