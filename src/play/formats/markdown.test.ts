import { describe, expect, it } from 'vitest';
import { parsePlay } from '../parse.ts';

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

  it.each([
    ['a colon and the words behind the label', '**ANNA:** Good day.\n\n**BELA:** And you.\n\n'],
    ['a stop and the words behind the label', '**ANNA.** Good day.\n\n**BELA.** And you.\n\n'],
    ['the words below', '**ANNA**\nGood day.\n\n**BELA**\nAnd you.\n\n'],
    ['labels as small headings', '#### ANNA\n\nGood day.\n\n#### BELA\n\nAnd you.\n\n**x**\n'],
    ['labels without marks', 'ANNA.\nGood day.\n\nBELA.\nAnd you.\n\n'],
  ])('may have %s', (_, body) => {
    const play = read(`# A Play\n\n## Act I\n\n### Scene 1. Here\n\n${body.repeat(2)}`);
    const lines = play.acts[0]!.scenes[0]!.elements.map(
      (e) => e.kind === 'speech' && [e.speakers, e.lines],
    );
    expect(lines.slice(0, 2)).toEqual([
      [['ANNA'], ['Good day.']],
      [['BELA'], ['And you.']],
    ]);
  });

  it('may print joint labels in several ways', () => {
    for (const label of [
      '**ANNA** **BELA**',
      '**ANNA & BELA**',
      '**ANNA and BELA**',
      '**ANNA: & BELA:**',
    ]) {
      const play = read(
        `## ACT I\n\n### SCENE I\n\n**ANNA**\nOne.\n\n**BELA**\nTwo.\n\n${label}\nThree.\n`,
      );
      expect(play.acts[0]!.scenes[0]!.elements.at(-1), label).toMatchObject({
        speakers: ['ANNA', 'BELA'],
      });
    }
  });

  it('may have its headings on wrong levels, on several lines, and none for a prologue', () => {
    const play = read(
      '# A Play\n\n## PROLOGUE\n\n**ANNA**\nOne.\n\n## ACT I\n\n## SCENE I. Here, and\nthere.\n\n**BELA**\nTwo.\n\n#### ACT II\n\n### SCENE I\n\n**ANNA**\nThree.\n',
    );
    expect(play.acts.map(({ number, scenes }) => [number, scenes.map((s) => s.number)])).toEqual([
      [0, [0]],
      [1, [1]],
      [2, [1]],
    ]);
    expect(play.acts[1]!.scenes[0]!.heading).toBe('SCENE I. Here, and there.');
  });
});
