import { describe, expect, it } from 'vitest';
import { parsePlay } from '../parse.ts';
import type { Play } from '../play.ts';
import { speechParts } from '../speeches.ts';

const read = (text: string): Play => parsePlay(new TextEncoder().encode(text));
const said = (play: Play): string[] =>
  [...speechParts(play)].map(({ speech }) => `${speech.speakers}: ${speech.lines.join(' / ')}`);
const talk = 'ANNA.\nGood day.\n\nBELA.\nAnd you.\n\n';

describe('a plain text', () => {
  it('has its acts once, however often contents repeat them', () => {
    const contents = 'ACT I\nScene I. Here\nScene II. There\n\nACT II\nScene I. Elsewhere\n\n';
    const play = read(
      `A PLAY\n\nby Nobody\n\n${contents}ACT I\n\nSCENE I. Here\n\n${talk}SCENE II. There\n\n${talk}ACT II\n\nSCENE I. Elsewhere\n\n${talk}`,
    );
    expect(play.title).toBe('A PLAY');
    expect(play.acts.map(({ scenes }) => scenes.length)).toEqual([2, 1]);
  });

  it('takes no line of a speech for a label because it is short and ends with a stop', () => {
    const play = read(
      `ACT I.\n\nScene I. Here.\n\n[Enter Anna and Bela.]\n\n${'Ann.\nWell.\nGood night.\n\nBel.\nGood night.\n\n'.repeat(3)}`,
    );
    expect(new Set(play.cast.map(({ name }) => name))).toEqual(new Set(['ANNA', 'BELA']));
    expect(said(play)[0]).toBe('ANNA: Well. / Good night.');
  });

  it('knows a label that has lost its stop', () => {
    expect(said(read(`ACT I\n\nSCENE I. Here\n\n${talk}ANNA\nIt was here.\n\n`)).at(-1)).toBe(
      'ANNA: It was here.',
    );
    const run = '  ANNA. Good day.\n  BELA. And you.\n'.repeat(3);
    expect(said(read(`ACT I. SCENE I.\nHere.\n\n${run}  ANNA It was here.\n`)).at(-1)).toBe(
      'ANNA: It was here.',
    );
  });

  it('tells people with one short label by who comes on in the scene', () => {
    const scene = (n: string, who: string): string =>
      `Scene ${n}. Here.\n\n[Enter ${who} and Carla.]\n\nMar.\nGood day.\n\nCar.\nAnd you.\n\n[Exeunt.]\n\n`;
    const play = read(
      `PERSONS REPRESENTED.\n\nMarta, a lady.\nMarcus, a lord.\nCarla, a maid.\n\n\nACT I.\n\n${scene('I', 'Marta')}${scene('II', 'Marcus')}`,
    );
    expect(said(play)).toEqual([
      'MARTA: Good day.',
      'CARLA: And you.',
      'MARCUS: Good day.',
      'CARLA: And you.',
    ]);
  });

  it('tells numbers for labels by how many come on', () => {
    const text =
      'Actus Primus. Scoena Prima.\n\nEnter three Weavers.\n\n  1. When shall we weaue?\n  2. When the threed is come\n\n   3. Or gone\n\n   1. I weaue\n  2. I too\n';
    expect(said(read(text)).slice(0, 3)).toEqual([
      'FIRST WEAVER: When shall we weaue?',
      'SECOND WEAVER: When the threed is come',
      'THIRD WEAVER: Or gone',
    ]);
  });

  it('goes on with a speech after a bare direction between its lines', () => {
    const play = read(
      `ACT I\n\nSCENE I. Here\n\nEnter Anna.\n\n${talk}ANNA.\nWait.\n\nEnter Carl.\n\nWho is it?\n\n`,
    );
    expect([...speechParts(play)].at(-1)!.speech).toMatchObject({
      continued: true,
      lines: ['Who is it?'],
    });
  });

  it('takes directions out of the midst of lines, over several lines too', () => {
    const text = `ACT I\n\nSCENE I. Here\n\n${talk}ANNA.\n[_Aside._] He comes. [_To Bela, who\nsmiles._] Good day. The _Tiger_ sails.\n`;
    const { elements } = read(text).acts[0]!.scenes[0]!;
    expect(elements.slice(-4)).toMatchObject([
      { kind: 'direction', text: 'Aside.' },
      { kind: 'speech', lines: ['He comes.'] },
      { kind: 'direction', text: 'To Bela, who smiles.', inline: true },
      { kind: 'speech', lines: ['Good day. The Tiger sails.'], continued: true },
    ]);
  });

  it('keeps licences out of the play', () => {
    const play = read(
      `SMALL PRINT\n\n*** START OF THE PROJECT GUTENBERG EBOOK A PLAY ***\n\nA PLAY\n\nACT I\n\nSCENE I\n\n${talk}\n*** END OF THE PROJECT GUTENBERG EBOOK A PLAY ***\n\nLICENCE.\nYou may read this.\n`,
    );
    expect(said(play)).toEqual(['ANNA: Good day.', 'BELA: And you.']);
    expect(play.boilerplate!.map(({ text }) => text)).toContain('You may read this.');
  });

  it('reads the text of other HTML', () => {
    const html = `<html><body><h1>A Play</h1><h2>ACT I</h2><h3>SCENE I. Here</h3>${'<p>ANNA.<br>Good day.</p><p>BELA.<br>And <i>you</i>.</p>'.repeat(2)}</body></html>`;
    expect(said(read(html)).slice(0, 2)).toEqual(['ANNA: Good day.', 'BELA: And you.']);
  });
});

it('a bracket that nobody closes ends after as many lines as no direction has', () => {
  const verses = Array.from({ length: 200 }, (_, i) => `verse ${i} of the song`).join('\n');
  const play = read(`NELL: Ho?\nTOM: Ho.\nNELL: Sing.\n[He sings\n${verses}\n`);
  expect(said(play).at(-1)).toContain('verse 199 of the song');
});
