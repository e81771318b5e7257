import { describe, expect, it } from 'vitest';
import { DramatisError } from '../errors.ts';
import { parsePlay } from '../play/parse.ts';
import { situationAt } from './situation.ts';

const play = parsePlay(
  new TextEncoder().encode(`# The Ferry

## ACT I

### SCENE I. A landing stage.

_Enter MARTA and TOBIAS_

**MARTA**
The river is high and the rope is old.
I would not cross tonight.

**TOBIAS**
Then wait for Judith; she has the key to the boat.

**MARTA**
Will she come?

_Exit TOBIAS_

**MARTA**
He is gone, and he did not answer me.

_Enter JUDITH_

**JUDITH**
Who asks for the key?

**MARTA**
I do.

_Thunder._

**JUDITH**
It is lost.

_Dies_

_Enter OSKAR_

**OSKAR**
I have it here.

**MARTA**
Give it to me.

_Exeunt_

### SCENE II. A kitchen.

_Enter TOBIAS, JUDITH and OSKAR_

**OSKAR**
The soup is cold.

**TOBIAS**
The fire is out.

**JUDITH**
So is the ferryman.

_Knocking within. JUDITH drops a plate._

**TOBIAS** and **OSKAR**
We are undone.

_Exeunt_
`),
);
const at = (cast: string, place?: string, more = {}) =>
  situationAt(play, { cast: cast.split(' ').filter(Boolean), at: place, ...more });

function failure(cast: string, place?: string): DramatisError {
  try {
    at(cast, place);
  } catch (error) {
    if (error instanceof DramatisError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('situationAt', () => {
  it('begins after the first exchange where all are on stage together', () => {
    expect(at('marta tobias', '1.1')).toMatchObject({
      at: { act: 1, scene: 1, line: 4 },
      heading: 'A landing stage.',
      cast: ['MARTA', 'TOBIAS'],
      onStage: ['MARTA', 'TOBIAS'],
      opening: [
        { who: 'MARTA', place: '1.1.1', heard: ['MARTA', 'TOBIAS'] },
        { who: 'TOBIAS', place: '1.1.3', heard: ['MARTA', 'TOBIAS'] },
      ],
      entrances: [],
      directions: ['Thunder.'],
      about: 'Begins at 1.1.4 of "The Ferry" with Marta and Tobias on stage.',
    });
  });

  it('begins where most are on stage if all never are, and brings on the others at once', () => {
    expect(at('judith tobias marta', '1.1')).toMatchObject({
      at: { act: 1, scene: 1, line: 5 },
      onStage: ['TOBIAS', 'MARTA'],
      opening: [{ who: 'TOBIAS' }, { who: 'MARTA', text: 'Will she come?' }],
      entrances: [{ who: ['JUDITH'], after: 0, text: 'Enter Judith' }],
    });
  });

  it('takes presence and the two turns before from the play at a line', () => {
    expect(at('marta judith oskar', '1.1.7')).toMatchObject({
      at: { act: 1, scene: 1, line: 7 },
      onStage: ['MARTA', 'JUDITH'],
      opening: [
        { who: 'MARTA', place: '1.1.5', heard: ['MARTA'] },
        { who: 'JUDITH', place: '1.1.6', heard: ['MARTA', 'JUDITH'] },
      ],
      entrances: [{ who: ['OSKAR'], after: 2, text: 'Enter Oskar' }],
    });
  });

  it('takes a line inside a speech for the end of the speech', () => {
    expect(at('marta tobias', '1.1.2').at).toEqual({ act: 1, scene: 1, line: 3 });
    expect(at('marta tobias', '1.1.1').opening).toEqual([]);
    expect(at('marta tobias', '1.1.99')).toMatchObject({ at: { line: 11 }, onStage: ['MARTA'] });
  });

  it('leaves nobody alone who is to speak with somebody', () => {
    expect(at('marta oskar', '1.1.5')).toMatchObject({
      onStage: ['MARTA'],
      entrances: [{ who: ['OSKAR'], after: 0 }],
    });
    expect(at('marta', '1.1.5')).toMatchObject({ onStage: ['MARTA'], entrances: [] });
  });

  it('brings on who is only heard from within', () => {
    const within = parsePlay(
      new TextEncoder().encode(
        '# Within\n\n## ACT I\n\n### SCENE I. A room.\n\n_Enter ADA and BEN_\n\n**ADA**\nWho knocks?\n\n**BEN**\nNobody.\n\n**NURSE** [_Within_]\nMadam!\n\n**ADA**\nAnon!\n\n_Exeunt_\n',
      ),
    );
    expect(situationAt(within, { cast: ['ada', 'nurse'], at: '1.1' })).toMatchObject({
      onStage: ['ADA'],
      entrances: [{ who: ['NURSE'], after: 0 }],
    });
  });

  it('shows no turn that none of the cast has heard', () => {
    expect(at('oskar', '1.1.10').opening.map(({ who }) => who)).toEqual(['OSKAR']);
  });

  it('keeps directions of things that happen, not of comings and goings or of others', () => {
    expect(at('oskar tobias', '1.2').directions).toEqual([]);
    expect(at('oskar tobias judith', '1.2').directions).toEqual([
      'Knocking within. Judith drops a plate.',
    ]);
  });

  it('finds the first scene in which all are together and speak, and says where', () => {
    expect(at('judith marta').about).toBe(
      'Begins at 1.1.8 of "The Ferry" with Judith and Marta on stage.',
    );
    expect(at('tobias judith').about).toContain('1.2.');
    expect(at('tobias oskar judith').onStage).toEqual(['TOBIAS', 'OSKAR', 'JUDITH']);
  });

  it('stands at no place where its people never meet, or where words say what is going on', () => {
    const written = at('marta tobias', undefined, { text: ' They are in prison. ' });
    expect(written).toMatchObject({ text: 'They are in prison.', onStage: ['MARTA', 'TOBIAS'] });
    expect(written.at).toBeUndefined();
    const both = at('marta tobias', '1.1', { text: 'It is snowing.' });
    expect(both).toMatchObject({ text: 'It is snowing.', heading: 'A landing stage.' });
  });

  it('takes all who are there where nobody is named', () => {
    expect(at('', '1.2').cast).toEqual(['OSKAR', 'TOBIAS', 'JUDITH']);
    expect(at('', '1.1').cast).toEqual(['MARTA', 'TOBIAS']);
    expect(at('', '1.1.8').cast).toEqual(['MARTA', 'JUDITH']);
  });

  it('refuses who cannot be there, says where they are, and brings them on if forced', () => {
    const error = failure('marta judith', '1.2');
    expect(error.code).toBe('CHARACTER_ABSENT');
    expect(error.message).toContain('Marta is not on stage at any time of 1.2');
    expect(error.message).toContain('Marta is on stage in 1.1');
    expect(error.remedy).toContain('--force');
    expect(at('marta judith', '1.2', { force: true }).onStage).toEqual(['MARTA', 'JUDITH']);
    expect(at('marta', '1.2', { force: true }).onStage).toEqual(['MARTA']);
  });

  it.each([
    ['marta marta', '1.1', 'USAGE', '"marta" is named twice'],
    ['marta nobody', '1.1', 'CHARACTER_UNKNOWN', 'nobody in "The Ferry" is called "nobody"'],
    ['marta tobias', '4.1', 'PLACE_UNKNOWN', 'has no scene 4.1'],
    ['marta tobias', 'there', 'PLACE_UNKNOWN', '"there" is not a place'],
    ['', undefined, 'USAGE', 'nobody is named'],
  ])('refuses %j at %j', (cast, place, code, message) => {
    const error = failure(cast, place);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});
