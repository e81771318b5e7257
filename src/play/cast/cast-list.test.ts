import { describe, expect, it } from 'vitest';
import { isCastHeading, readCastList } from './cast-list.ts';

describe('readCastList', () => {
  it('parts names from descriptions', () => {
    expect(
      readCastList([
        'MARTA, a lamp-lighter.',
        "Ghost of Marta's Father.",
        'Duke of Ostrava.',
        'A Gentlewoman attending on Odile',
      ]).people,
    ).toEqual([
      { name: 'MARTA', description: 'a lamp-lighter' },
      { name: 'GHOST', description: "of Marta's Father" },
      { name: 'DUKE OF OSTRAVA', description: '' },
      { name: 'GENTLEWOMAN', description: 'attending on Odile' },
    ]);
  });

  it('reads several persons in one entry, and groups', () => {
    const { people, groups } = readCastList([
      'An Old Man. A Porter.',
      'HECTOR, and three Lamplighters.',
      'Two Clowns, grave-diggers.',
      'Lords, Ladies, and other Attendants.',
    ]);
    expect(people.map(({ name }) => name)).toEqual(['OLD MAN', 'PORTER', 'HECTOR']);
    expect(groups).toEqual([
      { role: 'LAMPLIGHTER', count: 3 },
      { role: 'CLOWN', count: 2 },
      { role: 'LORD', count: undefined },
      { role: 'LADY', count: undefined },
      { role: 'ATTENDANT', count: undefined },
    ]);
  });

  it('reads entries in the letters of any language, also with no comma behind the name', () => {
    const entries = [
      'Анна Петровна, его жена.',
      'LUCIA sua figlia',
      'LORD of the Weir',
      "LILY'S house.",
    ];
    expect(readCastList([...entries, 'La scène est à Ostrava.']).people).toEqual([
      { name: 'АННА ПЕТРОВНА', description: 'его жена' },
      { name: 'LUCIA', description: 'sua figlia' },
      { name: 'LORD OF THE WEIR', description: '' },
      { name: "LILY'S HOUSE", description: '' },
    ]);
  });

  it('joins how a name is said with what follows', () => {
    expect(readCastList(['HALDIS (said Hal-dees), a widow.']).people).toEqual([
      { name: 'HALDIS', description: 'said Hal-dees, a widow' },
    ]);
  });

  it('leaves out who played the part', () => {
    expect(readCastList(['MAURYA (an old woman) . . . . . Honor Quill']).people).toEqual([
      { name: 'MAURYA', description: 'an old woman' },
    ]);
  });

  it('skips headings, settings, and what is said about a group', () => {
    const acted = ['The action takes place in a mill.', 'TIME: the present.', 'Place--A weir.'];
    expect(readCastList(['Dramatis Personæ', 'SCENE. A town.', ...acted, 'courtiers.'])).toEqual({
      people: [],
      groups: [],
    });
    expect(isCastHeading('PERSONS REPRESENTED.')).toBe(true);
    expect(isCastHeading('A person of note')).toBe(false);
  });
});
