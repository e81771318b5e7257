import { describe, expect, it } from 'vitest';
import { displayName } from '../../play/cast/display-name.ts';
import { parsePlay } from '../../play/parse.ts';
import { parsePlace } from '../../play/place.ts';
import type { CastMember, Play } from '../../play/play.ts';
import { personaOf } from './persona.ts';

const ferry: Play = parsePlay(
  new TextEncoder().encode(`# The Last Ferry

## ACT I

### SCENE I. A landing by the river.

_Enter TOBIAS and MISTRESS QUILL_

**MISTRESS QUILL**  
Does the ferry run tonight?

**TOBIAS**  
Nay, mistress, the rope hath parted in the flood.

**MISTRESS QUILL**  
Who will mend it?

**TOBIAS**  
Thou may'st ask the river, for it took the other half.

### SCENE II. The ferryman's kitchen.

_Enter TOBIAS and PIP_

**PIP**  
Are we poor now, father?

**TOBIAS**  
Not poor, Pip, but slow; and slow men eat late.

**ALL**  
To supper, then, to supper.
`),
);

const member = (name: string, aliases: readonly string[] = []): CastMember => ({
  name,
  aliases,
  description: '',
  speeches: 1,
  words: 1,
});

describe('personaOf a character of any play', () => {
  const tobias = ferry.cast.find(({ name }) => name === 'TOBIAS')!;

  it('tells whom the character speaks with, and never a crowd', () => {
    const persona = personaOf(ferry, tobias);
    expect(persona.description).toBe('You are Tobias.');
    expect(persona.relations).toEqual(['You speak most with Mistress Quill and Pip.']);
  });

  it('takes the role from the cast list', () => {
    const described = { ...tobias, description: 'A ferryman of the upper river.' };
    expect(personaOf(ferry, described).description).toBe(
      'You are Tobias, a ferryman of the upper river.',
    );
  });

  it('tells where the character was last, and nothing that comes later', () => {
    const persona = personaOf(ferry, tobias);
    expect(persona.situation()).toBe("I was last with Pip. The place was the ferryman's kitchen.");
    expect(persona.situation(parsePlace('1.2'))).toBe(
      'I was last with Mistress Quill. The place was a landing by the river.',
    );
    expect(persona.situation(parsePlace('1.1'))).toBe('');
  });

  it('shows exchanges from before the point of the story only', () => {
    const persona = personaOf(ferry, tobias);
    expect(persona.samples(parsePlace('1.1'))).toEqual([]);
    expect(persona.samples(parsePlace('1.2')).map(({ asker }) => asker)).toEqual([
      'MISTRESS QUILL',
      'MISTRESS QUILL',
    ]);
    expect(persona.samples()).toContainEqual({
      asker: 'PIP',
      cue: 'Are we poor now, father?',
      reply: 'Not poor, Pip, but slow; and slow men eat late.',
    });
  });
});

describe('personaOf a character with a card', () => {
  const play = { ...ferry, title: 'The Tragedy of Macbeth' };

  it('knows the character by an alias, as editions name them differently', () => {
    const persona = personaOf(play, member('MACBETH’S LADY', ['LADY MACBETH']));
    expect(persona.displayName).toBe('Lady Macbeth');
    expect(persona.relations[0]).toBe('Macbeth is your husband.');
  });

  it('is not taken from another play', () => {
    expect(personaOf(ferry, member('MACBETH')).description).toBe('You are Macbeth.');
  });

  it('tells the moment that holds when a scene begins, or the end without a place', () => {
    const { situation } = personaOf(play, member('MACBETH'));
    expect(situation(parsePlace('2.3'))).toContain('I have done the deed');
    expect(situation(parsePlace('2.2'))).not.toContain('I have done the deed');
    expect(situation(parsePlace('2.4.12'))).toContain('I have done the deed');
    expect(situation()).toContain('ended me');
  });
});

describe('displayName', () => {
  it('writes a name as in a sentence', () => {
    expect(displayName('LADY MACBETH')).toBe('Lady Macbeth');
    expect(displayName("GHOST OF HAMLET'S FATHER")).toBe("Ghost of Hamlet's Father");
    expect(displayName('MACBETH AND BANQUO')).toBe('Macbeth and Banquo');
    expect(displayName('VOLTIMAND-CORNELIUS')).toBe('Voltimand-Cornelius');
  });
});
