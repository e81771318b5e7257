import { describe, expect, it } from 'vitest';
import { parsePlay } from '../../play/parse.ts';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { ownWordsOf } from './own-words.ts';
import { personaOf } from './persona.ts';
import { personaTexts } from './persona-texts.ts';

const cottage: Play = parsePlay(
  new TextEncoder().encode(`# The Cottage

## ACT I

### SCENE I. A cottage.

_Enter MERIC and TAMSIN_

**MERIC**  
Good Tamsin, where hast thou laid thy father's staff?

**TAMSIN**  
My lord, I gave it you this morning, as you asked.

**MERIC**  
Thou didst, good Tamsin, and I thank thee.

**TAMSIN**  
You are welcome, my lord. Your hat is on your head.
`),
);
const cast = cottage.cast.map((member) =>
  member.name === 'TAMSIN' ? { ...member, description: 'Daughter to Meric.' } : member,
);
const play = { ...cottage, cast };
const named = (name: string): CastMember => cast.find((one) => one.name === name)!;

describe('ownWordsOf a character without a card', () => {
  it('tells role and relations from the cast list, in the first person', () => {
    const { role, relations } = ownWordsOf(play, named('TAMSIN'));
    expect(role).toBe('daughter to Meric');
    expect(relations).toEqual([
      {
        name: 'Meric',
        named: 'my father Meric',
        call: 'my father',
        more: '',
        sentence: 'Meric is my father.',
        isMain: true,
      },
    ]);
  });

  it('counts thou, you and calls in what is said to the only other one', () => {
    expect(ownWordsOf(play, named('MERIC')).addresses).toEqual([
      { name: 'Tamsin', call: 'good Tamsin', form: 'thou' },
    ]);
    expect(ownWordsOf(play, named('TAMSIN')).addresses).toEqual([
      { name: 'Meric', call: 'my lord', form: 'you' },
    ]);
  });

  it('names those it speaks with most', () => {
    expect(ownWordsOf(play, named('MERIC')).companions).toEqual(['Tamsin']);
  });

  it('knows nothing of what moves it', () => {
    const none = { want: '', love: '', hate: '', fear: '', serve: '' };
    expect(ownWordsOf(play, named('MERIC')).drives()).toEqual(none);
  });
});

it('is told in texts of its own, with nothing that is empty', () => {
  const persona = personaOf(play, named('TAMSIN'));
  const texts = personaTexts(persona);
  expect(texts).toContain('Meric is my father.');
  expect(texts).toContain('my lord');
  expect(texts).not.toContain('');
});

describe('ownWordsOf a character with a card', () => {
  const hamlet = { ...named('MERIC'), name: 'HAMLET' };
  const own = ownWordsOf({ ...play, title: 'Hamlet' }, hamlet);

  it('names those it is told of as the character does', () => {
    const namedAs = (name: string) => own.relations.find((one) => one.name === name)?.named;
    expect(namedAs('Claudius')).toBe('my uncle Claudius');
    expect(namedAs('King Hamlet')).toBe('my father');
    expect(namedAs('Ophelia')).toBe('Ophelia');
  });

  it('tells the main relations first', () => {
    expect(own.relations.filter(({ isMain }) => isMain).map(({ name }) => name)).toEqual([
      'Claudius',
      'Gertrude',
      'Horatio',
      'Ophelia',
    ]);
    expect(own.relations.findIndex(({ isMain }) => !isMain)).toBe(4);
  });

  it('wants no revenge before it knows of the murder', () => {
    expect(own.drives(parsePlace('1.2')).want).not.toContain('revenge');
    expect(own.drives(parsePlace('2.1')).want).toContain('revenge');
  });
});
