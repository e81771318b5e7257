import { describe, expect, it } from 'vitest';
import type { CastMember, Play } from '../../play/play.ts';
import { personaOf } from './persona.ts';
import { callsOf, relationSentence, toSecondPerson } from './relations.ts';

const member = (
  name: string,
  { aliases = [], description = '' }: Partial<CastMember> = {},
): CastMember => ({ name, aliases, description, speeches: 1, words: 1 });

const playOf = (title: string, cast: readonly CastMember[]): Play => ({
  title,
  format: 'markdown',
  acts: [],
  cast,
  warnings: [],
});

describe('callsOf a character with a card', () => {
  const hamlet = member('HAMLET');
  const play = playOf('Hamlet', [
    hamlet,
    member('KING CLAUDIUS', { aliases: ['CLAUDIUS', 'KING'] }),
    member('GHOST', { aliases: ['KING HAMLET'] }),
    member('OPHELIA'),
  ]);
  const call = callsOf(play, hamlet);

  it('gives a call that the name follows, whatever the edition calls the person', () => {
    const uncle = { call: 'my uncle', withName: true };
    expect(call('KING CLAUDIUS')).toEqual(uncle);
    expect(call('CLAUDIUS')).toEqual(uncle);
  });

  it('gives a call alone, and knows the dead king from his ghost', () => {
    expect(call('KING HAMLET')).toEqual({ call: 'my father', withName: false });
    expect(call('GHOST')).toEqual({ call: "my father's ghost", withName: false });
  });

  it('gives nothing for who is called by name, or is unknown', () => {
    expect(call('OPHELIA')).toBeUndefined();
    expect(call('KING')).toBeUndefined();
    expect(call('NOBODY')).toBeUndefined();
  });
});

describe('callsOf a character without a card', () => {
  const cast = [
    member('OLD MERIC', { description: 'a miller' }),
    member('TAMSIN', { description: 'daughter to Old Meric, and sister of Jory' }),
    member('JORY', { description: 'a fiddler, son to Old Meric' }),
    member('WIDOW PENN', { description: "Jory's aunt" }),
    member('HOB', { description: 'servant to Widow Penn' }),
    member('CRIER', { description: 'brother to the mayor' }),
  ];
  const play = playOf('The Mill', cast);
  const callOf = (name: string, person: string): string | undefined =>
    callsOf(play, cast.find((one) => one.name === name)!)(person)?.call;

  it('reads both sides of a tie off the cast list', () => {
    expect(callOf('TAMSIN', 'OLD MERIC')).toBe('my father');
    expect(callOf('OLD MERIC', 'TAMSIN')).toBe('my daughter');
    expect(callOf('OLD MERIC', 'JORY')).toBe('my son');
    expect(callOf('JORY', 'TAMSIN')).toBe('my sister');
    expect(callOf('TAMSIN', 'JORY')).toBe('my brother');
  });

  it('knows a woman by her title, and a tie printed with an apostrophe', () => {
    expect(callOf('WIDOW PENN', 'JORY')).toBe('my nephew');
    expect(callOf('JORY', 'WIDOW PENN')).toBe('my aunt');
    expect(callOf('HOB', 'WIDOW PENN')).toBe('my mistress');
    expect(callOf('WIDOW PENN', 'HOB')).toBe('my servant');
  });

  it('ties nobody to who is not in the cast', () => {
    for (const { name } of cast) expect(callOf('CRIER', name)).toBeUndefined();
  });
});

describe('a relation in words', () => {
  it('says call and what else, or what stands in their place', () => {
    const person = 'CLAUDIUS';
    expect(relationSentence({ person, call: 'my uncle', more: 'now king' })).toBe(
      'Claudius is my uncle, now king.',
    );
    expect(relationSentence({ person, more: 'the king' })).toBe('Claudius is the king.');
    expect(relationSentence({ person, call: 'King', is: 'the king' })).toBe(
      'Claudius is the king.',
    );
    expect(relationSentence({ person, call: 'my uncle', alone: true })).toBe('');
  });

  it('is told in the second person as it was before there were cards', () => {
    const hamlet = member('HAMLET');
    expect(personaOf(playOf('Hamlet', [hamlet]), hamlet).relations).toEqual([
      "Claudius is your uncle, now king and your mother's husband.",
      'Gertrude is your mother, the queen.',
      'Horatio is your one trusted friend.',
      'Ophelia is the lady of your heart.',
    ]);
    expect(toSecondPerson('I am my own, and no one is mine.')).toBe(
      'you are your own, and no one is yours.',
    );
  });
});
