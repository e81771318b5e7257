import { describe, expect, it } from 'vitest';
import { parsePlay } from './parse.ts';

const invented = `# The Lantern

## ACT I

### SCENE I. A quay at night.

_Enter MARTA and FERRYMAN_

**MARTA**  
Who keeps the lantern there?  
Speak, or be dumb.

**FERRYMAN**  
I go.

_Exit_

**MARTA**  
Come back!

_Knocking within_

Nay, he is gone already.

**BRUNO & MARTA**  
_\\[Aside]_  
We are lost.

_Exeunt_
`;
const read = (text: string) => parsePlay(new TextEncoder().encode(text));

describe('a Markdown edition', () => {
  it('gives title, acts, scenes and speeches', () => {
    const play = read(invented);
    expect(play.title).toBe('The Lantern');
    expect(play.format).toBe('markdown');
    expect(play.acts[0]!.scenes[0]!.heading).toBe('SCENE I. A quay at night.');
    expect(play.acts[0]!.scenes[0]!.elements[1]).toEqual({
      kind: 'speech',
      speakers: ['MARTA'],
      label: 'MARTA',
      lines: ['Who keeps the lantern there?', 'Speak, or be dumb.'],
      place: '1.1.1',
      present: ['FERRYMAN', 'MARTA'],
    });
  });

  it('goes on with a speech after a direction, not counting it again', () => {
    const play = read(invented);
    expect(play.acts[0]!.scenes[0]!.elements[6]).toMatchObject({
      continued: true,
      place: '1.1.5',
      present: ['MARTA'],
    });
    expect(play.cast.find(({ name }) => name === 'MARTA')!.speeches).toBe(3);
  });
});
