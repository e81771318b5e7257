/** Acts and scenes, speeches per speaker, and words that stand in no speech. */
export interface Shape {
  /** What a reader of a test calls it. */
  readonly name: string;
  readonly text: string;
  /** Act → its scenes, such as `{ 1: [1, 2] }`. */
  readonly places: Readonly<Record<number, readonly number[]>>;
  /** Name in the cast → speeches. */
  readonly speeches: Readonly<Record<string, number>>;
  /** Words that nobody speaks. */
  readonly unspoken?: readonly string[];
  /** Words that somebody speaks. */
  readonly spoken?: readonly string[];
}

/** A frame of TEI around a body, with persons listed in its header. */
const tei = (body: string, persons = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>The Weir</title></titleStmt></fileDesc>
<profileDesc><particDesc><listPerson>${persons}</listPerson></particDesc></profileDesc></teiHeader>
<text><body>${body}</body></text></TEI>`;
const sp = (who: string, label: string, words: string): string =>
  `<sp who="${who}"><speaker>${label}</speaker><p>${words}</p></sp>`;

/**
 * Small invented plays, one for every way that real editions have of printing speeches, directions and places: each
 * tripped the parser once. The plays are ours; the shapes are those of editions that readers brought.
 */
export const shapes: readonly Shape[] = [
  {
    name: 'names alone, parted from their words by an empty line, and what follows the end',
    text: `THE WEIR\n\nBy Nobody\n\nCHARACTERS.\n\nMISS ADA ROWE, a teacher.\nMRS. QUILL.\nJUDGE BEAM.\n\n\n\nACT FIRST.\n\n\n   A low room beside the weir,\n   with nets on the wall.\n\n\nMISS ROWE.\n\n[Stops at the window, and says softly:] The water is up, I\nbelieve.\n\n\nMRS. QUILL.\n\n[Also softly.] It was up at noon.\n\n\nMISS ROWE.\n\nEnter it in the book, then.\n\n\nADA.\n\nWhere is the judge?\n\n\nACT SECOND.\n\n\n   The room as in the first Act.\n\n\nADA.\n\nIs it you?\n\n\nMRS. QUILL.\n\nIt is the judge.\n\n\nBEAM.\n\nGood evening.\n\n\nTHE END\n\n\nFOOTNOTES.\n\n(1) Pronounce the name as it is written.\n`,
    places: { 1: [1], 2: [1] },
    speeches: { 'MISS ROWE': 2, 'MRS. QUILL': 2, ADA: 2, BEAM: 1 },
    unspoken: ['nets', 'softly', 'pronounce'],
    spoken: ['enter'],
  },
  {
    name: 'titles whose stop ends no name',
    text: `THE COUNTER\n\nBy Nobody\n\nACT II\n\nNext day at 9 a.m. The shop in Mill Street.\n\nBELL. The ledger is short.\n\nMRS. CROSS. By how much?\n\nBELL. By a crown.\n\nMRS. LANE GROVE. A crown!\n\nDR. HOLT. Who has the key?\n\nMRS. CROSS. Doctor Holt has it.\n\nMRS. LANE GROVE. So he has.\n\nST. CLAIR. Good-bye.\n\nDR. HOLT. Good-bye.\n\nST. CLAIR. Good-bye, all.\n`,
    places: { 2: [1] },
    speeches: { BELL: 2, 'MRS. CROSS': 2, 'MRS. LANE GROVE': 2, 'DR. HOLT': 2, 'ST. CLAIR': 2 },
    unspoken: ['street'],
  },
  {
    name: 'labels in italics, and names in italics that are none',
    text: `THE FERRY OPERA\n\nBy Nobody\n\n\nACT I. SCENE I.\n\n_SCENE, the Ferry House._\n\n  _Garrick sitting at a Table with a great Book before him._\n\n_Garrick._ A ferry is an honest trade, so is mine.\n\n  Enter _Nim_.\n\n_Nim._ Sir, _Long Kate_ hath lost her oar\nin the race.\n\n_Garrick._ I may set her down [_writes._] For _Long\nKate_, two crowns.\n\n_Nim (aside)._ _Tom Reed_, Sir, would give her three.\n\nACT I. SCENE II.\n\n_Mrs. Garrick._ What of Tom Reed, Husband?\n\n_Garrick._ He is a favourite of mine.\n\n_Mrs. Garrick._ I have nothing to say against him.\n`,
    places: { 1: [1, 2] },
    speeches: { GARRICK: 3, NIM: 2, 'MRS. GARRICK': 2 },
    unspoken: ['sitting', 'writes', 'aside'],
    spoken: ['hath', 'reed'],
  },
  {
    name: 'directions in round brackets, over several lines too',
    text: `THE LAMP HOUSE\n\nBy Nobody\n\nDRAMATIS PERSONAE\n\nOrla Finch.\nEmil, her son.\nA Carrier.\n\n\nACT I\n\n(SCENE.--A kitchen, plainly\nfurnished.)\n\nOrla. Put the basket behind the door. (To the CARRIER,\ntaking out her purse.) How much?\n\nCarrier. Ninepence.\n\nOrla. There is a shilling. (The CARRIER thanks her,\nand goes out.) Yes, he is in. (Still smiling, she\ngoes to the stove.)\n\nEmil (calls out from\nhis room). Is that the carrier?\n\nOrla (busy with the basket). It was!\n\nEmil. When did he come?\n\nOrla. Just now. Come in here, Emil.\n\nCarrier. Good day.\n`,
    places: { 1: [1] },
    speeches: { ORLA: 4, EMIL: 2, CARRIER: 2 },
    unspoken: ['furnished', 'purse', 'thanks', 'stove', 'busy'],
    spoken: ['shilling'],
  },
  {
    name: 'acts and scenes in French, with a cast list',
    text: `LE MOULIN\n\nCOMÉDIE\n\nACTEURS\n\nGRINVAL, père d'Émile.\nÉMILE, fils de Grinval.\nLUCINDE, amie d'Émile.\n\nACTE PREMIER\n\nSCÈNE PREMIÈRE. -- ÉMILE, LUCINDE.\n\nÉMILE.\nLa roue s'arrête, et vous partez!\n\nLUCINDE, à part.\nIl faut bien que je parte.\n\nSCÈNE II. -- GRINVAL, LUCINDE.\n\nGRINVAL.\nVous ici, mademoiselle?\n\nLUCINDE.\nJe m'en vais, monsieur.\n\nACTE DEUXIÈME\n\nSCÈNE PREMIÈRE. -- ÉMILE, GRINVAL.\n\nÉMILE.\nMon père!\n\nGRINVAL.\nAu moulin!\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { ÉMILE: 2, LUCINDE: 2, GRINVAL: 2 },
    unspoken: ['comédie', 'amie', 'part'],
  },
  {
    name: 'acts and scenes in German',
    text: `DIE SCHLEUSE\n\nPersonen\n\nHanne, Wirtin.\nDer Schleusenwärter.\n\nErster Aufzug\n\nErster Auftritt\n\nHANNE (am Fenster). Das Wasser steigt.\n\nDER SCHLEUSENWÄRTER. Seit Mittag.\n\nZweiter Auftritt\n\nHANNE. Wer kommt?\n\nZweiter Aufzug\n\nLetzter Auftritt\n\nDER SCHLEUSENWÄRTER. Niemand.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { HANNE: 2, 'DER SCHLEUSENWÄRTER': 2 },
    unspoken: ['fenster', 'wirtin'],
  },
  {
    name: 'acts and scenes in Russian',
    text: `МЕЛЬНИЦА\n\nДЕЙСТВУЮЩИЕ ЛИЦА\n\nАгафья, хозяйка.\nЕгор, сторож.\n\nДЕЙСТВИЕ ПЕРВОЕ\n\nСад у мельницы. Вечер.\n\nЯВЛЕНИЕ I\n\nАгафья (наливает чай). Пей, Егор.\n\nЕгор. Не хочется.\n\nЯВЛЕНИЕ II\n\nАгафья. Кто там?\n\nДЕЙСТВИЕ ВТОРОЕ\n\nЕгор. Никого.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { АГАФЬЯ: 2, ЕГОР: 2 },
    unspoken: ['вечер', 'наливает'],
  },
  {
    name: 'acts and scenes in Spanish',
    text: `EL MOLINO\n\nPERSONAJES\n\nINÉS, molinera.\nBRUNO, su hermano.\n\nJORNADA PRIMERA\n\nEscena primera\n\nINÉS. Sube el agua.\n\nBRUNO. Desde ayer.\n\nEscena última\n\nINÉS. Adiós.\n\nJORNADA SEGUNDA\n\nINÉS Y BRUNO. Adiós.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { INÉS: 3, BRUNO: 2 },
  },
  {
    name: 'acts and scenes in Italian',
    text: `IL MULINO\n\nPERSONAGGI\n\nINES, mugnaia.\nBRUNO, suo fratello.\n\nATTO PRIMO\n\nSCENA PRIMA\n\nINES. Sale l'acqua.\n\nBRUNO. Da ieri.\n\nSCENA DECIMA TERZA\n\nINES. Addio.\n\nATTO TERZO\n\nSCENA ULTIMA\n\nBRUNO. Addio, Ines.\n`,
    places: { 1: [1, 13], 3: [1] },
    speeches: { INES: 2, BRUNO: 2 },
  },
  {
    name: 'old headings and numbered lords',
    text: `A COMEDY OF LOCKS\n\nBy Nobody\n\nACT THE FIRST. SCENE THE FIRST.\n\nSIR HUGH. Good morrow.\n\nMOLL. And to you, sir.\n\nSIR HUGH. A fair day.\n\nMOLL. It is.\n\nSCENE THE ELEVENTH.\n\nSIR HUGH. Again.\n\nMOLL. Again, sir.\n\nSCENE THE TWELFTH.\n\nSIR HUGH. And again.\n\nSCENE THE LAST.\n\nMOLL. The last time.\n\n1ST LORD. I come.\n\n2D LORD. I too.\n\n3D LORD. And I.\n\n2D LORD. Farewell.\n\nACT V., SCENE ULTIMA.\n\nSIR HUGH. Adieu.\n\n3D LORD. Adieu.\n`,
    places: { 1: [1, 11, 12, 13], 5: [1] },
    speeches: { 'SIR HUGH': 5, MOLL: 4, 'FIRST LORD': 1, 'SECOND LORD': 2, 'THIRD LORD': 2 },
  },
  {
    name: 'TEI: names that several ids share, and variants of one',
    text: tei(
      `<div type="act"><head>Erster Akt</head><div type="scene"><head>Erste Szene</head>${sp('#a', 'FISCHER.', 'Eins.')}${sp('#b', 'MÜLLER.', 'Zwei.')}${sp('#a', 'GEIST.', 'Drei.')}${sp('#b', 'EIN ANDERER.', 'Vier.')}${sp('#c', 'WÄCHTER', 'Fünf.')}${sp('#d', 'WÄCHTER', 'Sechs.')}</div></div>`,
      '<person xml:id="a"><persName>Fischer</persName><persName type="variant">Ein anderer</persName></person><person xml:id="b"><persName>Müller</persName><persName type="variant">Ein anderer</persName></person><person xml:id="c"><persName>Wächter</persName></person><person xml:id="d"><persName>Wächter</persName></person>',
    ),
    places: { 1: [1] },
    speeches: { FISCHER: 2, MÜLLER: 2, WÄCHTER: 1, D: 1 },
  },
  {
    name: 'TEI: a direction before the first act',
    text: tei(
      `<stage>Die Handlung spielt an einer Schleuse.</stage><div type="act"><head>Erster Aufzug</head><stage>Ein Hof.</stage><div type="scene"><head>Erster Auftritt</head>${sp('#a', 'HANNE.', 'Wasser!')}</div></div><div type="act"><head>Zweiter Aufzug</head><div type="scene"><head>Erster Auftritt</head>${sp('#b', 'JORG.', 'Ich komme.')}</div></div>`,
    ),
    places: { 1: [1], 2: [1] },
    speeches: { HANNE: 1, JORG: 1 },
    unspoken: ['schleuse', 'hof'],
  },
  {
    name: 'TEI: printed numbers against counted ones, and two prologues',
    text: tei(
      `<div type="prologue" n="1"><head>PROLOGUE</head>${sp('#a', 'FLORE.', 'Quittez les champs.')}</div><div type="prologue" n="2"><head>AUTRE PROLOGUE</head>${sp('#b', 'BERGER.', 'Encore.')}</div><div type="act" n="3"><head>ACTE I</head><div type="scene" n="1"><head>SCÈNE I.</head>${sp('#c', 'ARNO.', 'Cinq.')}</div></div><div type="act" n="5"><head>ACTE II</head><div type="scene" n="1"><head>SCÈNE I.</head>${sp('#d', 'LISE.', 'Dix.')}</div></div><div type="act" n="5"><head>ACTE III</head><div type="scene" n="1"><head>SCÈNE I.</head>${sp('#c', 'ARNO.', 'Quinze.')}</div></div>`,
    ),
    places: { 0: [0, 1], 1: [1], 2: [1], 3: [1] },
    speeches: { FLORE: 1, BERGER: 1, ARNO: 2, LISE: 1 },
  },
  {
    name: 'TEI: a tableau that holds scenes, and text outside of speeches',
    text: tei(
      `<p>To my friends.</p><div type="act"><head>Действие первое</head><div type="scene"><head>Картина первая</head><stage>A mill.</stage><div type="scene"><head>Явление первое</head>${sp('#a', 'Ада', 'Раз.')}</div><div type="scene"><head>Явление второе</head>${sp('#a', 'Ада', 'Два.')}</div></div></div>`,
    ),
    places: { 1: [1, 2] },
    speeches: { АДА: 2 },
    unspoken: ['friends', 'mill'],
  },
  {
    name: 'TEI: an act marked as a scene, one headed above every scene, and old numerals',
    text: tei(
      `<div type="act" n="1"><head>ACT. I.</head><div type="scene" n="1"><head>Scene I.</head>${sp('#a', 'Ada.', 'One.')}</div></div><div type="act" n="1"><head>ACT I.</head><div type="scene" n="2"><head>Sene II.</head>${sp('#b', 'Bell.', 'Two.')}</div></div><div type="act" n="2"><head>Actus. ij.</head><div type="scene" n="1"><head>Actus. ij. Schena. j.</head>${sp('#a', 'Ada.', 'Three.')}</div><div type="scene" n="2"><head>ACT. II. SCEN. IIJ.</head>${sp('#b', 'Bell.', 'Four.')}</div></div><div type="scene"><head>ATTO III</head><div type="scene"><head>SCENA PRIMA</head>${sp('#a', 'Ada.', 'Five.')}</div></div>`,
    ),
    places: { 1: [1, 2], 2: [1, 3], 3: [1] },
    speeches: { ADA: 3, BELL: 2 },
  },
  {
    name: 'TEI: words that marks break, join and choose between',
    text: tei(
      `<div type="act" n="1"><div type="scene" n="1"><sp who="#a"><speaker>Anne</speaker><l>The low<lb break="no"/>er part</l><l>the semi<g ref="char:EOLhyphen"/>circle</l><l>take <choice><abbr>y<hi>e</hi></abbr><expan>the</expan></choice> oar</l><l>my swe<supplied>et</supplied> lady</l><l>I saw <title>Noon</title> and <persName>Kate</persName></l><l>he <unclear>ro</unclear>wes <del>not</del> well</l></sp><sp who="#b"><speaker>Ben</speaker><p>[I asked them both, and they said nothing.] Go in.</p></sp></div></div>`,
    ),
    places: { 1: [1] },
    speeches: { ANNE: 1, BEN: 1 },
    spoken: ['lower', 'semicircle', 'the', 'sweet', 'kate', 'rowes', 'asked'],
    unspoken: ['not'],
  },
  {
    name: 'TEI: two labels of one speech, and a direction in a label',
    text: tei(
      '<div type="act" n="1"><div type="scene" n="1"><sp><speaker>First Weaver</speaker><l>When?</l></sp><sp><speaker>Second Weaver</speaker><l>Now.</l></sp><sp><speaker>First Weaver.</speaker><speaker>Second Weaver.</speaker><l>Both of us.</l></sp><sp><speaker>First Weaver <stage>(aside)</stage></speaker><l>Or neither.</l></sp></div></div>',
    ),
    places: { 1: [1] },
    speeches: { 'FIRST WEAVER': 3, 'SECOND WEAVER': 2 },
    unspoken: ['aside'],
  },
  {
    name: "PlayShakespeare's XML",
    text: '<?xml version="1.0"?>\n<play unique="weir"><titleStmt><title type="common">The Weir</title></titleStmt><castList><castItem><role short="ADA.">Ada</role><roleDesc>A teacher.</roleDesc></castItem></castList><act num="1"><acttitle>Act 1</acttitle><scene actnum="1" num="1"><scenetitle>Scene 1</scenetitle><stage><dir>Enter Ada.</dir><action type="enter"><actor>ADA.</actor></action></stage><sp><speaker long="Ada">ADA.</speaker><l n="1">The water is <foreign>up</foreign>.</l><l n="2">I go.</l></sp><sp><speaker long="Beam">BEAM.</speaker><l n="3">Stay.</l></sp></scene><scene actnum="1" num="2"><scenetitle>Scene 2</scenetitle><sp><speaker long="Ada">ADA.</speaker><l n="1">Gone.</l></sp></scene></act></play>',
    places: { 1: [1, 2] },
    speeches: { ADA: 2, BEAM: 1 },
    spoken: ['up'],
    unspoken: ['teacher'],
  },
  {
    name: 'an e-book whose cells are labels and words',
    text: '<html xmlns:epub="x"><head><title>The Weir</title></head><body epub:type="z3998:drama"><section epub:type="z3998:scene"><h2><span epub:type="se:label">Act</span> <span epub:type="z3998:ordinal">I</span></h2><p>A room beside the weir.</p><table><tr><td/><td><i epub:type="z3998:stage-direction"><b epub:type="z3998:persona">Ada</b> comes in.</i></td></tr><tr><td epub:type="z3998:persona">Ada</td><td>The water is up. <i epub:type="z3998:stage-direction">She sits.</i> It was up at noon.</td></tr><tr><td epub:type="z3998:persona">Beam</td><td rowspan="2">Good night.</td></tr><tr><td epub:type="z3998:persona">Ada</td></tr></table></section></body></html>',
    places: { 1: [1] },
    speeches: { ADA: 2, BEAM: 1 },
    unspoken: ['room', 'sits'],
  },
  {
    name: 'a page of Wikisource, with labels in small capitals',
    text: '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/><title>The Weir</title></head><body><div class="mw-parser-output prp-pages-output"><div class="wst-center tiny">ACT I</div><p><i>A room beside the weir.</i></p><p><span class="smallcaps" style="font-variant:small-caps">Ada.</span> The water is up.</p><p><span class="smallcaps" style="font-variant:small-caps">Bell.</span> [<i>At the door.</i>] It was up at noon.</p><p><span class="smallcaps" style="font-variant:small-caps">Ada.</span> Write it down, then.</p><div class="wst-center">ACT II</div><p><span class="smallcaps" style="font-variant:small-caps">Bell.</span> I have written it.</p><p><span class="smallcaps" style="font-variant:small-caps">Ada.</span> Good.</p></div></body></html>',
    places: { 1: [1], 2: [1] },
    speeches: { ADA: 3, BELL: 2 },
    unspoken: ['door', 'room'],
    spoken: ['written'],
  },
  {
    name: 'a bracket that nobody closes',
    text: `THE WEIR\n\nBy Nobody\n\n\nACT I\n\nBERT. Yes, Miss.\n\nADA. First you shall have some tea.\n\n  [She leads MRS. QUILL almost by force to the door.\n\nBERT. Good-night, Miss.\n\nACT II\n\nADA. Good morning.\n\nBEAM. My dear Ada.\n\nADA. [Yawning.] You are early.\n\nBEAM. I am.\n\nBERT. The post, Miss.\n`,
    places: { 1: [1], 2: [1] },
    speeches: { BERT: 3, ADA: 3, BEAM: 2 },
    unspoken: ['force', 'yawning'],
  },
  {
    name: 'errata with headings after the end',
    text: `THE GIRL\n\nBy Nobody\n\n\nACT I\n\nRUSH. I'm in luck!\n\nIDA. Are you?\n\nEND OF THE FIRST ACT.\n\nACT II\n\nIDA. Not a penny.\n\nRUSH. Not one.\n\nIDA. Good-bye.\n\nRUSH. Good-bye.\n\nTHE END\n\n       *       *       *\n\nErrata noted by the transcriber\n\nFirst Act:\n  full stop missing after "Rush"\nSecond Act:\n  comma misprinted\n\nADVERTISEMENT. Plays by the same author.\n`,
    places: { 1: [1], 2: [1] },
    speeches: { RUSH: 3, IDA: 3 },
    unspoken: ['errata', 'misprinted', 'author'],
  },
  {
    name: 'words with accents, in letters of one or of two characters',
    text: 'A LITTLE PLAY\n\nBy Nobody\n\nACT I\n\nSCENE I. A room.\n\nEnter ODA and HÉLINE.\n\nODA. The cafe\u0301 is shut.\n\nHE\u0301LINE. The Œdipus they play is old.\n\nODA. Naïve!\n\nHÉLINE. Yes.\n',
    places: { 1: [1] },
    speeches: { ODA: 2, HÉLINE: 2 },
    spoken: ['café', 'œdipus', 'naïve'],
  },
  {
    name: 'an own play: titles, and words under the heading',
    text: `THE MILL\n\nScene 1\n\nA mill at night. Rain.\n\nMR. CROSS. Come down from there, Nell.\n\nNELL. I will not.\n\nMR. CROSS. Then I shall come up.\n\nOLD PETER. Leave her be.\n`,
    places: { 1: [1] },
    speeches: { 'MR. CROSS': 2, NELL: 1, 'OLD PETER': 1 },
    unspoken: ['rain'],
  },
  {
    name: 'an own play: a name and a colon, one of them once',
    text: `Characters: NELL, TOM, A MESSENGER\n\nNELL: Who goes there?\nTOM: Only me.\nNELL: Then come in.\nTOM: I have news.\nMESSENGER: The king is dead.\nNELL: Dead?\n`,
    places: { 1: [1] },
    speeches: { NELL: 3, TOM: 2, MESSENGER: 1 },
  },
  {
    name: 'an own play: names and colons under a heading of Markdown',
    text: '# Die Mühle\n\n## Szene 1\n\nNell: Guten Abend.\nTom: Guten Abend, Nell.\nNell: Bist du es?\n',
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
  },
  {
    name: 'an own play: names in bold, without a scene',
    text: '# The Mill\n\n**Nell:** Hello there.\n\n**Tom:** Good evening.\n\n**Nell:** Is it you?\n',
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
  },
  {
    name: 'an own play: names on lines of their own, without a heading',
    text: 'NELL\nHello there.\n\nTOM (quietly)\nGood evening.\n\nNELL\nIs it you?\n',
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['quietly'],
  },
  {
    name: 'an own play: names and dashes',
    text: 'Nell - Hello there.\nTom - Good evening.\nNell - Is it you?\n',
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
  },
  {
    name: 'Fountain',
    text: `Title: The Night Ferry\nCredit: Written by\nAuthor: A Nobody\n\nINT. FERRY HOUSE - NIGHT\n\nA lamp. ADA (30) counts coins.\n\nADA\nSeven. It was nine.\n\nBEAM (O.S.)\nIt was always seven.\n\nADA (CONT'D)\n(not looking up)\nYou would say that.\n\n@McRae\nThe boat is late.\n\nBEAM ^\nThe boat is late.\n\nCUT TO:\n\nEXT. PIER - DAWN #2#\n\nGulls.\n\nADA\nThere she is.\n(beat)\nNo. A buoy.\n\n.MONTAGE - FOUR CROSSINGS\n\nBEAM\nAgain?\n\n[[check the tides]]\n\n/* cut:\nADA\nNever. */\n\n> THE END <\n`,
    places: { 1: [1, 2, 3] },
    speeches: { ADA: 3, BEAM: 3, MCRAE: 1 },
    unspoken: ['cut', 'tides', 'end', 'nobody', 'gulls', 'beat', 'never'],
    spoken: ['buoy'],
  },
  {
    name: 'a screenplay indented as on paper',
    text: `                    INT. MILL - NIGHT\n\n     Rain on the roof.\n\n                         NELL\n               Who goes there?\n\n                         TOM\n                    (wet)\n               Only me.\n\n                         NELL\n               Come in, then.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['roof', 'wet'],
  },
  {
    name: 'Final Draft',
    text: '<?xml version="1.0"?><FinalDraft DocumentType="Script" Version="5"><Content><Paragraph Type="Scene Heading"><Text>INT. MILL - NIGHT</Text></Paragraph><Paragraph Type="Action"><Text>Rain.</Text></Paragraph><Paragraph Type="Character"><Text>NELL (V.O.)</Text></Paragraph><Paragraph Type="Dialogue"><Text>Who </Text><Text Style="Italic">goes</Text><Text> there?</Text></Paragraph><Paragraph Type="Character"><Text>TOM</Text></Paragraph><Paragraph Type="Parenthetical"><Text>(wet)</Text></Paragraph><Paragraph Type="Dialogue"><Text>Only me.</Text></Paragraph><Paragraph Type="Transition"><Text>CUT TO:</Text></Paragraph></Content><TitlePage><Content><Paragraph><Text>The Mill</Text></Paragraph></Content></TitlePage></FinalDraft>',
    places: { 1: [1] },
    speeches: { NELL: 1, TOM: 1 },
    unspoken: ['rain', 'wet', 'cut'],
    spoken: ['goes'],
  },
  {
    name: 'French: a name, a comma and how it is said, alone on a line',
    text: `LE BAC\n\nCOMÉDIE EN DEUX ACTES\n\nPERSONNAGES.\n\nLE PASSEUR.\nGERVAIS, son valet.\nMme LENOIR, voisine.\nLA MARQUISE.\n\nLa scène est au village.\n\nACTE PREMIER.\n\nSCÈNE PREMIÈRE.\n\nLE PASSEUR, GERVAIS.\n\nLE PASSEUR, à part.\n\nVoilà mon bac qui prend l'eau.\n\nGERVAIS.\n\nC'est la rivière qui est haute.\n\nLE PASSEUR, en colère.\n\nElle ne l'était pas hier.\n\nSCÈNE II.\n\nLES MÊMES, Mme LENOIR.\n\nMme LENOIR, entrant.\n\nBonjour, voisin.\n\nGERVAIS, bas au passeur.\n\nC'est elle !\n\nLE PASSEUR ET GERVAIS, ensemble.\n\nBonjour, madame !\n\nACTE DEUXIÈME.\n\nSCÈNE PREMIÈRE.\n\nLA MARQUISE, seule.\n\nPersonne ne vient.\n\nFIN.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { 'LE PASSEUR': 3, GERVAIS: 3, 'MME. LENOIR': 1, 'LA MARQUISE': 1 },
    unspoken: ['entrant', 'seule', 'ensemble', 'fin'],
    spoken: ['bonjour', 'personne'],
  },
  {
    name: 'Hungarian',
    text: `A KOMP\n\nVígjáték két felvonásban\n\nSZEMÉLYEK\n\nRÉVÉSZ\nBORI, a leánya\nA BÍRÓ\n\nELSŐ FELVONÁS\n\nELSŐ JELENET\n\nRévész, Bori.\n\nRÉVÉSZ. Nem indul a komp.\n\nBORI (magában). Nagy a víz, apám.\n\nRÉVÉSZ. Tegnap még kicsi volt.\n\nMÁSODIK JELENET\n\nElőbbiek, a bíró.\n\nBÍRÓ. Jó napot mindnyájuknak.\n\nBORI. Jó napot, bíró úr.\n\nMÁSODIK FELVONÁS\n\nELSŐ JELENET\n\nBORI. Elmentek mind.\n\nBÍRÓ (kívül). Bori!\n\nVÉGE.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { RÉVÉSZ: 2, BORI: 3, BÍRÓ: 2 },
    unspoken: ['vége', 'magában', 'előbbiek'],
    spoken: ['komp'],
  },
  {
    name: 'Spanish: entrances without brackets',
    text: `LA BARCA\n\nPERSONAS\n\nDON TELLO\nDOÑA ANA\nGIL, gracioso\n\nJORNADA PRIMERA\n\nSalen DON TELLO y GIL.\n\nTELLO.\n  ¿Qué dices, Gil, de la mar?\n\nGIL.\n  Que es honda para nadar.\n\nTELLO.\n  Y la barca va a parar.\n\nSale DOÑA ANA.\n\nANA.\n  Señor, ¿quién nos ha de llevar?\n\nGIL.\n  Yo sé remar.\n\nVanse.\n\nJORNADA SEGUNDA\n\nSale GIL.\n\nGIL.\n  Solo me dejan remar.\n\nANA. (Dentro.)\n  ¡Gil!\n`,
    places: { 1: [1], 2: [1] },
    speeches: { TELLO: 2, GIL: 3, ANA: 2 },
    unspoken: ['salen', 'sale', 'vanse', 'dentro'],
    spoken: ['nadar'],
  },
  {
    name: 'Italian: labels cut short, a description without a comma',
    text: `LA BARCA\n\nCommedia in due atti\n\nPERSONAGGI\n\nIL BARCAIOLO\nBETTA sua figlia\nIL NOTAIO\n\nATTO PRIMO\n\nSCENA PRIMA\n\nIL BARCAIOLO e BETTA\n\nBAR. La barca fa acqua.\n\nBET. (piano) Padre, il fiume è alto.\n\nBAR. Ieri era basso.\n\nSCENA SECONDA\n\nIL NOTAIO e detti\n\nNOT. Buon giorno a tutti.\n\nBET. Buon giorno, signor notaio.\n\nATTO SECONDO\n\nSCENA UNICA\n\nBETTA sola\n\nBET. Sono partiti tutti.\n\nNOT. (di dentro) Betta!\n\nFINE\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { 'IL BARCAIOLO': 2, BETTA: 3, 'IL NOTAIO': 2 },
    unspoken: ['piano', 'sola', 'detti'],
    spoken: ['barca'],
  },
  {
    name: 'contents with pages, a captain, two who speak together',
    text: `THE FERRY\n\nA Play in Two Acts\n\nCONTENTS\n\nACT I   5\nACT II  19\n\nCHARACTERS\n\nSIR HUGH VANE\nLADY VANE, his wife\nCAPT. O'DOWD\nA FOOTMAN\n\nTHE FIRST ACT\n\nSCENE.--_The hall at Vane Court._ LADY VANE _is discovered at a desk._\n\nLADY VANE.\n\n[_Without looking up._] Who is it?\n\nSIR HUGH.\n\n[_Entering with the newspaper._] Only I, my dear.\n\nLADY VANE.\n\nI had hoped that it was the Captain.\n\n[CAPT. O'DOWD _is shown in by the_ FOOTMAN.\n\nFOOTMAN.\n\nCaptain O'Dowd, my lady.\n\nCAPT. O'DOWD.\n\nLady Vane! [_Seeing_ SIR HUGH.] Oh!\n\nLADY VANE and SIR HUGH.\n\n[_Together._] Captain!\n\nTHE SECOND ACT\n\nSCENE.--_The same._\n\nSIR HUGH.\n\nSo he has gone.\n\nEND OF THE PLAY\n`,
    places: { 1: [1], 2: [1] },
    speeches: { 'LADY VANE': 3, 'SIR HUGH': 3, FOOTMAN: 1, "CAPT. O'DOWD": 1 },
    unspoken: ['together', 'hall'],
    spoken: ['gone'],
  },
  {
    name: 'an own play: a name with a colon above its words, stops and colons mixed',
    text: `THE FERRY by Ann\n\nMR. CROSS. Come down from there.\nNELL: I will not.\nMESSENGER:\nThe king is dead.\nMR. CROSS. (sitting) Dead?\nNELL [aside]: At last.\nMRS. CROSS. I heard it too.\n`,
    places: { 1: [1] },
    speeches: { 'MR. CROSS': 2, NELL: 2, MESSENGER: 1, 'MRS. CROSS': 1 },
    unspoken: ['sitting', 'messenger'],
    spoken: ['king'],
  },
  {
    name: 'Markdown: a direction in italics, a dash behind a name',
    text: `# The Ferry\n\n## Cast\n\n- **Nell** – a miller\n- **Tom O'Dell** – her brother\n\n## Scene One: Night\n\n*A mill. Rain.*\n\n**NELL** *(to herself)*: Who goes there?\n\n**TOM O'DELL** — Only me.\n\n## Scene Two: Morning\n\n**NELL & TOM O'DELL**: Gone!\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, "TOM O'DELL": 2 },
    unspoken: ['herself', 'rain'],
    spoken: ['gone'],
  },
  {
    name: 'wikitext: headings in "=", names in small capitals',
    text: `{{header\n | title = [[The Ferry]]\n | author = Nobody\n}}\n\n==Act I==\n\n===Scene I===\n\n''A mill at night. Rain.''\n\n{{sc|Nell.}} Who goes there?\n\n{{sc|Tom}} (''wet''). Only me.<ref>So the quarto.</ref>\n\n{{sc|Nell.}} Come in, then.\n\n===Scene II===\n\n''Enter'' {{sc|Messenger}}.\n\n{{sc|Messenger.}} The king is dead.\n\n{{sc|Tom.}} [[Dead]]?\n\n[[Category:Plays]]\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2, MESSENGER: 1 },
    unspoken: ['rain', 'wet', 'quarto', 'category'],
    spoken: ['dead', 'only'],
  },
  {
    name: 'wikitext: a template for each name',
    text: `== ACTE PREMIER ==\n\n=== SCÈNE PREMIÈRE ===\n\n{{personnages|TELLO, ANA}}\n\n{{personnage|TELLO}}\n\nVous voilà triste ?\n\n{{personnage|ANA|c|à part}}\n\nNon.\n\n{{personnage|TELLO}}\n\nJe vous vois ''soupirer''.\n\n{{didascalie|Il sort.}}\n`,
    places: { 1: [1] },
    speeches: { TELLO: 2, ANA: 1 },
    unspoken: ['part', 'sort'],
    spoken: ['soupirer', 'non'],
  },
  {
    name: 'HTML whose classes say who speaks and what is done',
    text: `<html><body><h2>THE FIRST ACT</h2><p class="stagedir">A mill. <span class="smallcaps">Tom</span> is discovered.</p><p class="speaker">Nell.</p><p>Who is it? <span class="stagedir">Listening.</span> Speak!</p><p class="speaker">Tom.</p><p><span class="stagedir">Wet.</span> Only me.</p><p class="speaker">Nell.</p><p>Come in.</p></body></html>`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['listening', 'wet', 'discovered'],
    spoken: ['speak', 'only'],
  },
  {
    name: 'HTML with a label and its stop in a line of words',
    text: `<html><body><h2>ACT I</h2><p><span class="stage-direction">[A mill.]</span></p><p><span class="character">Nell</span>. Who is it?</p><p><span class="character">Tom</span> <span class="stage-direction">(wet)</span>. Only me.</p><p><span class="character">Nell</span>. Come in.</p></body></html>`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['mill', 'wet'],
    spoken: ['only'],
  },
  {
    name: 'blanks that keep words together, and one before the colon',
    text: `THE FERRY\n\nACT\u00a0I\n\nNELL\u00a0: Who goes there\u00a0?\n\nTOM\u00a0: Only me.\n\nNELL\u00a0: Come in\u00a0!\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: [],
    spoken: ['only'],
  },
  {
    name: 'names in bold, the colon behind the mark',
    text: `**Nell**: Who goes there?\n\n**Tom**: Only me.\n\n_Tom sits._\n\n**Nell**: Come in.\n\n**Messenger**: The king is dead.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1, MESSENGER: 1 },
    unspoken: ['sits'],
    spoken: ['king'],
  },
  {
    name: 'a Markdown list of speeches',
    text: `# The Ferry\n\n### Act 1, Scene 1\n\n> A mill at night.\n\n* **Nell:** Who goes there?\n* **Tom** *(wet):* Only me.\n* **Nell:** Come in.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['wet', 'night'],
    spoken: ['only'],
  },
  {
    name: 'Polish: how it is said on a line of its own',
    text: `PROM\n\nKomedia w dwóch aktach\n\nOSOBY\n\nMŁYNARZ\nHANKA, jego córka\n\nAKT PIERWSZY\n\nSCENA PIERWSZA\n\nMłynarz, Hanka.\n\nMŁYNARZ\nProm stoi.\n\nHANKA\n(na stronie)\nWody nie ma.\n\nMŁYNARZ\nWczoraj była.\n\nAKT DRUGI\n\nSCENA PIERWSZA\n\nHANKA\nWszyscy poszli.\n\nMŁYNARZ\n(za sceną)\nHanka!\n\nKurtyna.\n\nKONIEC\n`,
    places: { 1: [1], 2: [1] },
    speeches: { MŁYNARZ: 3, HANKA: 2 },
    unspoken: ['stronie', 'kurtyna', 'koniec'],
    spoken: ['prom'],
  },
  {
    name: 'names in full in the cast list, and one word of them as label',
    text: `THE FERRY\n\nCHARACTERS\n\nGEORGE HARROW.\nNELL HARROW, his wife.\nMISS AGNES HARROW, his aunt.\nJUDGE CROSS.\n\nACT I\n\nNELL.\nWho goes there?\n\nHARROW.\nOnly me.\n\nMISS HARROW.\nCome in.\n\nCROSS.\nGood night.\n\nNELL.\nStay.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, HARROW: 1, 'MISS HARROW': 1, CROSS: 1 },
    unspoken: ['wife'],
    spoken: ['stay'],
  },
  {
    name: 'a prologue and an epilogue of one label and its words',
    text: `PROLOGUE\n\nCHORUS. Hear us.\n\nACT I\n\nSCENE I\n\nNELL. Who?\n\nTOM. Me.\n\nNELL. In.\n\nEPILOGUE\n\nCHORUS. Good night.\n`,
    places: { 0: [0], 1: [1, 2] },
    speeches: { CHORUS: 2, NELL: 2, TOM: 1 },
    spoken: ['hear', 'night'],
  },
  {
    name: 'an induction with a scene of its own',
    text: `INDUCTION\n\nSCENE I\n\nSLY. Ale.\n\nHOSTESS. No.\n\nSLY. Ale!\n\nACT I\n\nSCENE I\n\nNELL. Who?\n\nTOM. Me.\n`,
    places: { 0: [1], 1: [1] },
    speeches: { SLY: 2, HOSTESS: 1, NELL: 1, TOM: 1 },
    spoken: ['ale'],
  },
  {
    name: 'contents that begin with a prologue',
    text: `CONTENTS\n\nPROLOGUE\nACT I\nScene I. A mill\nACT II\nScene I. A weir\n\n\nPROLOGUE\n\nCHORUS. Hear us.\n\nACT I\n\nSCENE I. A mill\n\nNELL. Who?\n\nTOM. Me.\n\nNELL. In.\n\nACT II\n\nSCENE I. A weir\n\nCHORUS. Good night.\n`,
    places: { 0: [0], 1: [1], 2: [1] },
    speeches: { CHORUS: 2, NELL: 2, TOM: 1 },
    spoken: ['hear'],
  },
  {
    name: 'a cast list set apart from the speeches by one empty line, and no heading',
    text: `THE FERRY\nby A. N. Other\n\nCharacters:\n  NELL - a miller\n  TOM - a ferryman\n\nNELL: Who goes there?\nTOM: Only me.\nNELL: Come in.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['miller', 'ferryman', 'other'],
    spoken: ['only'],
  },
  {
    name: 'an end that says what ends, and matter after it',
    text: `ACT ONE\n\nNELL: Who?\n\nTOM: Me.\n\nNELL: In.\n\nEND OF ACT ONE\n\nACT TWO\n\nTOM: Out.\n\nEND OF PLAY\n\nAbout the author: she lives by a weir.\n`,
    places: { 1: [1], 2: [1] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['author'],
    spoken: ['out'],
  },
  {
    name: 'titles and initials with their stops',
    text: `ACT I\n\nA. K. MOOR. Sail on.\n\nLT. BRAND. Aye.\n\nM. ROCHE. Amen.\n\nA. K. MOOR. Sail.\n\nSGT. PIKE. Sir.\n`,
    places: { 1: [1] },
    speeches: { 'A K MOOR': 2, 'LT. BRAND': 1, 'M. ROCHE': 1, 'SGT. PIKE': 1 },
  },
  {
    name: 'directions in braces',
    text: `ACT I\n\nNELL: {rising} Who goes there?\n\nTOM: Only me. {He sits.}\n\nNELL: Come in.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['rising', 'sits'],
  },
  {
    name: 'names and words in the middle of the page',
    text: `                    ACT I\n\n                    NELL\n          Who goes there?\n\n                    TOM\n               (wet)\n          Only me.\n\n                    NELL\n          Come in.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 1 },
    unspoken: ['wet'],
  },
  {
    name: 'names in small letters',
    text: `# Kitchen\n\nmum: Is it done?\n\nben: No.\n\nmum: Then wait.\n`,
    places: { 1: [1] },
    speeches: { MUM: 2, BEN: 1 },
    unspoken: ['kitchen'],
  },
  {
    name: 'letters that have no capitals, and a colon of their width',
    text: `太郎：誰だ。\n\n花子：私です。\n\n太郎：入れ。\n`,
    places: { 1: [1] },
    speeches: { 太郎: 2, 花子: 1 },
  },
  {
    name: 'Arabic',
    text: `آدم: من هناك؟\n\nليلى: أنا.\n\nآدم: ادخلي.\n`,
    places: { 1: [1] },
    speeches: { آدم: 2, ليلى: 1 },
  },
];
