import { describe, expect, it } from 'vitest';
import { parsePlay } from '../parse.ts';
import type { Play } from '../play.ts';
import { speechParts } from '../speeches.ts';

const read = (body: string, header = ''): Play =>
  parsePlay(
    new TextEncoder().encode(
      `<?xml version="1.0"?><TEI><teiHeader><titleStmt><title>T</title></titleStmt>${header}</teiHeader><text><body><div type="act" n="1"><div type="scene" n="1">${body}</div></div></body></text></TEI>`,
    ),
  );
const said = (play: Play): string[] =>
  [...speechParts(play)].map(({ speech }) => `${speech.speakers}: ${speech.lines.join(' / ')}`);

describe('TEI', () => {
  it('means by an id whom the header names, else whom the label does', () => {
    const header =
      '<listPerson><person xml:id="kg"><persName>King Bela</persName></person><person xml:id="g1"><persName>GUARDS.1_X</persName></person></listPerson>';
    const body =
      '<sp who="#kg"><speaker>KING</speaker><l>Hail.</l></sp><sp who="#g1"><speaker>FIRST GUARD</speaker><l>Sir?</l></sp><sp who="#kg #g1"><speaker>KING/GUARD</speaker><l>Go.</l></sp>';
    expect(said(read(body, header))).toEqual([
      'KING BELA: Hail.',
      'FIRST GUARD: Sir?',
      'KING BELA,FIRST GUARD: Go.',
    ]);
  });

  it('calls nobody by the translation of a name', () => {
    const header =
      '<listPerson><person xml:id="m"><persName>Маша</persName><persName xml:lang="en">Masha</persName></person></listPerson>';
    const body = '<sp who="#m"><speaker>Маша</speaker><p>Да.</p></sp>';
    const play = read(body, header);
    expect(said(play)).toEqual(['МАША: Да.']);
    expect(play.cast[0]!.aliases).toContain('MASHA');
  });

  describe('counts acts', () => {
    const acts = (body: string): string[] =>
      parsePlay(new TextEncoder().encode(`<TEI><text><body>${body}</body></text></TEI>`)).acts.map(
        ({ number, scenes }) => `${number}: ${scenes.map((scene) => scene.number)}`,
      );
    const sp = '<sp who="#a"><speaker>ANNA</speaker><l>One.</l></sp>';
    const act = (head: string, more = 'type="act"', inner = sp): string =>
      `<div ${more}><head>${head}</head>${inner}</div>`;

    it('with no number for a foreword, for a prologue or for a division of nothing', () => {
      const foreword = act('ELŐSZÓ', 'type="act"', '<p>To the reader.</p>');
      const body = act('ELSŐ FELVONÁS') + act('MÁSODIK FELVONÁS');
      expect(acts(foreword + body)).toEqual(['0: 0', '1: 1', '2: 1']);
      expect(acts(`<div type="act"/>${act('ELŐVERSENGÉS')}${body}`)).toEqual([
        '0: 0',
        '1: 1',
        '2: 1',
      ]);
    });

    it('once that are printed above each of their scenes', () => {
      const scene = (head: string): string => `<div type="scene"><head>${head}</head>${sp}</div>`;
      const body =
        act('Act. Imus.', 'type="act" n="1"', scene('Scena Ima.')) +
        act('Act. Imus.', 'type="act" n="1"', scene('Scena IIda.')) +
        act('Act. II.', 'type="act" n="2"', scene('Scena 3tia'));
      expect(acts(body)).toEqual(['1: 1,2', '2: 3']);
    });

    it('that a chorus is printed with, or that are marked up as scenes', () => {
      const body =
        act('Actus primus.') +
        act('Actus secundus.', 'type="scene"') +
        act('Chorus Actus 3. Scena Prima.');
      expect(acts(body)).toEqual(['1: 1', '2: 1', '3: 1']);
    });
  });

  it('takes entrances and exits from the markup', () => {
    const body =
      '<stage type="entrance" who="#a #b">They come on.</stage><sp who="#a"><speaker>ANNA</speaker><l>One.</l></sp><stage type="exit" who="#a">Gone.</stage><sp who="#b"><speaker>BELA</speaker><l>Two.</l></sp>';
    expect([...speechParts(read(body))].map(({ speech }) => speech.present)).toEqual([
      ['ANNA', 'BELA'],
      ['BELA'],
    ]);
  });

  it('breaks prose at lb, and joins words that are marked up one by one', () => {
    const body =
      '<sp who="#a"><speaker>ANNA</speaker><p><lb n="1"/><w>One</w><c> </c><w>two</w><pc>,</pc><lb n="2"/>three.</p></sp>';
    expect(said(read(body))).toEqual(['ANNA: One two, / three.']);
  });

  it('breaks no line at the names and titles that stand in it', () => {
    const body =
      '<sp who="#a"><speaker>ANNA</speaker><l>I saw <title>The Weir</title> and <persName>Bela</persName>, <placeName>Ulm</placeName> too</l></sp>';
    expect(said(read(body))).toEqual(['ANNA: I saw The Weir and Bela, Ulm too']);
  });

  it('keeps notes out of the words, but not out of the play', () => {
    const body =
      '<sp who="#a"><speaker>ANNA</speaker><l>One<note>An editor wrote this.</note> two.</l></sp>';
    const play = read(body);
    expect(said(play)).toEqual(['ANNA: One two.']);
    expect(play.boilerplate!.map(({ text }) => text)).toContain('An editor wrote this.');
  });

  it('reads the older form, with short labels and no ids', () => {
    const text = `<TEI.2><text><body><div1 type="act" n="1"><head>Act 1</head><div2 type="scene" n="2"><head>Scene 2</head>
      <stage type="setting">Enter Annabel and Belarius.</stage>
      ${'<sp><speaker>Ann.</speaker><l n="1">Good day.</l></sp><sp><speaker>Bel.</speaker><p>And you.</p></sp>'.repeat(2)}</div2></div1></body></text></TEI.2>`;
    const play = parsePlay(new TextEncoder().encode(text));
    expect(play.format).toBe('tei');
    expect(said(play).slice(0, 2)).toEqual(['ANNABEL: Good day.', 'BELARIUS: And you.']);
    expect(play.acts[0]!.scenes[0]!.number).toBe(2);
  });
});
