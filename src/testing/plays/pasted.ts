import type { Shape } from './shapes.ts';

/** Places and speakers of the same four speeches, which most forms below hold. */
const four = { places: { 1: [1] }, speeches: { NELL: 2, TOM: 2 } } as const;

/** Small invented plays in the forms that people write and paste; the plays are ours. */
export const pasted: readonly Shape[] = [
  {
    name: 'a list of speeches',
    text: `- NELL: Who goes there?\n- TOM: Only me.\n- NELL: Come in.\n- TOM: Gladly.\n`,
    ...four,
  },
  {
    name: 'a quotation of a mail',
    text: `> NELL: Who goes there?\n>\n> TOM: Only me.\n>\n> NELL: Come in.\n>\n> TOM: Gladly.\n`,
    ...four,
  },
  {
    name: 'numbered speeches',
    text: `Scene 1\n\n1. NELL: Who goes there?\n2. TOM: Only me.\n3. NELL: Come in.\n4. TOM: Gladly.\n`,
    ...four,
  },
  {
    name: 'numbered speeches in bold',
    text: `## Scene 1\n\n1. **NELL:** Who goes there?\n2. **TOM:** Only me.\n3. **NELL:** Come in.\n4. **TOM:** Gladly.\n`,
    ...four,
  },
  {
    name: 'a transcript with times',
    text: `[00:01:02] NELL: Who goes there?\n[00:01:05] TOM: Only me.\n[00:01:09] NELL: Come in.\n[00:02:00] TOM: Gladly.\n`,
    ...four,
  },
  {
    name: 'a chat with dates',
    text: `12/03/2024, 10:02 - Nell: Who goes there?\n12/03/2024, 10:03 - Tom: Only me.\n12/03/2024, 10:04 - Nell: Come in.\n12/03/2024, 10:05 - Tom: Gladly.\n`,
    ...four,
  },
  {
    name: 'names in square brackets',
    text: `[NELL] Who goes there?\n[TOM] Only me.\n[NELL] Come in.\n[TOM] Gladly.\n`,
    ...four,
  },
  {
    name: 'names in angle brackets',
    text: `<nell> Who goes there?\n<tom> Only me.\n<nell> Come in.\n<tom> Gladly.\n`,
    ...four,
  },
  {
    name: 'what is done between stars, and what is stressed',
    text: `NELL: *looks up* Who goes *there*?\nTOM: *shrugs* Only me.\nNELL: Come in. *sits*\nTOM: Gladly.\n`,
    ...four,
    unspoken: ['looks', 'shrugs', 'sits'],
    spoken: ['there'],
  },
  {
    name: 'names as headings of Markdown',
    text: `# The Mill\n\n### Nell\nWho goes there?\n\n### Tom\nOnly me.\n\n### Nell\nCome in.\n\n### Tom\nGladly.\n`,
    ...four,
    unspoken: ['mill'],
  },
  {
    name: 'round brackets in Markdown, behind a name and among the words',
    text: `# The Mill\n\n**Nell** (from the door): Who goes there?\n\n**Tom**: (Wet through.) Only me.\n\n**Nell**: Come in. (She goes to\nthe fire.)\n\n**Tom**: Gladly (as ever).\n`,
    ...four,
    unspoken: ['door', 'wet', 'fire'],
    spoken: ['ever'],
  },
  {
    name: 'a list of names and words in HTML',
    text: `<html><body><dl><dt>Nell</dt><dd>Who goes there?</dd><dt>Tom</dt><dd>Only me.</dd><dt>Nell</dt><dd>Come in.</dd><dt>Tom</dt><dd>Gladly.</dd></dl></body></html>`,
    ...four,
  },
  {
    name: 'a table of names and words in HTML',
    text: `<html><body><table><tr><td>NELL</td><td>Who goes there?</td></tr><tr><td>TOM</td><td>Only me.</td></tr><tr><td>NELL</td><td>Come in.</td></tr><tr><td>TOM</td><td>Gladly.</td></tr></table></body></html>`,
    ...four,
  },
  {
    name: 'a table with a German header',
    text: `Sprecher;Text\nNELL;Who goes there?\nTOM;Only me.\nNELL;Come in.\nTOM;Gladly.\n`,
    ...four,
  },
  {
    name: 'scenes headed by a numeral alone',
    text: `I\n\nNELL. Who goes there?\nTOM. Only me.\n\nII\n\nNELL. Come in.\nTOM. Gladly.\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
  },
  {
    name: 'contents with scenes, before acts as short as they',
    text: `THE MILL\n\nCONTENTS\n\nAct I\n  Scene 1. A mill\n  Scene 2. A weir\nAct II\n  Scene 1. A mill\n\nCHARACTERS\n\nNELL, a miller\nTOM, her brother\n\nACT I\n\nScene 1. A mill\n\nNELL. Who goes there?\nTOM. Only me.\n\nScene 2. A weir\n\nNELL. Come in.\n\nACT II\n\nScene 1. A mill\n\nTOM. Gladly.\n`,
    places: { 1: [1, 2], 2: [1] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['weir', 'brother'],
  },
  {
    name: 'lights, an interval, and a note of those who typed it',
    text: `ACT I\n\nNELL: Who goes there?\nTOM: Only me.\n\nLights fade.\n\nINTERMISSION\n\nACT II\n\nNELL: Come in.\nTOM: Gladly.\n\nBLACKOUT.\n\nTranscriber's Note: spelling was kept.\n`,
    places: { 1: [1], 2: [1] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['lights', 'intermission', 'blackout', 'spelling'],
  },
  {
    name: 'a screenplay that is cut right below what is said',
    text: `INT. MILL - NIGHT\n\n                    NELL\n          Who goes there?\n\n                    TOM\n          Only me.\n                                        CUT TO:\n\nEXT. WEIR - DAY\n\n                    NELL\n          Come in.\n\n                    TOM\n          Gladly.\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['cut'],
  },
  {
    name: 'marks that nobody sees in and before names',
    text: `\u200eNELL: Who goes there?\n\u200eTOM: Only me.\nNE\u200bLL: Come in.\nTOM\u2060: Gladly.\n`,
    ...four,
  },
  {
    name: 'bold headings, a bold cast list and a bold end, with directions behind the names',
    text: `**Title: The Mill**\n\n**Characters:**\n- **Nell** – a miller\n- **Tom** – her brother\n\n---\n\n**Scene 1: The Mill**\n\n*(Rain.)*\n\n**Nell:** (wary) Who goes there?\n\n**Tom:** Only me.\n\n**Scene 2: The Weir**\n\n**Nell:** Come in.\n\n**Tom:**\n(low)\nGladly.\n\n**[End of Scene]**\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['characters', 'miller', 'wary', 'low', 'rain', 'end', 'weir'],
  },
  {
    name: 'scenes headed by a number in Markdown, and a licence behind the last',
    text: `# The Mill\n\n## 1\n\n**Nell:** Who goes there?\n\n**Tom:** Only me.\n\n## 2\n\n**Nell:** Come in.\n\n**Tom:** Gladly.\n\n## Licence\n\nAnybody may print it.\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['licence', 'print'],
  },
  {
    name: 'scenes headed by where they are in Markdown',
    text: `# The Mill\n\n## The door\n\n**Nell:** Who goes there?\n\n**Tom:** Only me.\n\n## The fire\n\n**Nell:** Come in.\n\n**Tom:** Gladly.\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
    unspoken: ['door', 'fire'],
  },
  {
    name: 'a table of Markdown',
    text: `| Speaker | Line |\n|---|---|\n| Nell | Who goes there? |\n| Tom | Only me. |\n| Nell | Come in. |\n| Tom | Gladly. |\n`,
    ...four,
  },
  {
    name: 'a fragment of HTML',
    text: `<p>NELL: Who goes there?<br>TOM: Only me.<br/>NELL: Come in.<br />TOM: Gladly.</p>`,
    ...four,
  },
  {
    name: 'names in small letters with a stop, no empty line between',
    text: `Nell. Who goes there?\nOld Tom. Only me.\nNell. Come in.\nOld Tom. Gladly.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, 'OLD TOM': 2 },
  },
  {
    name: 'roles in small letters',
    text: `the king: Who goes there?\nfirst guard: Only me.\nthe king: Come in.\nfirst guard: Gladly.\n`,
    places: { 1: [1] },
    speeches: { KING: 2, 'FIRST GUARD': 2 },
  },
  {
    name: 'names with pictures, with numbers behind a sign, and with a semicolon between',
    text: `NELL 🌾: Who goes there?\n🪵 TOM: Only me.\nMAN #2: And I.\nNELL; TOM: Come in.\nMAN #2: Gladly.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, TOM: 2, 'SECOND MAN': 2 },
  },
  {
    name: 'who enters, and nobody speaking',
    text: `SCENE 1\n\nNELL: Who goes there?\n\nTom enters, wet through.\n\nTOM: Only me.\n\nPause.\n\nNELL: Come in.\n\nTOM: Gladly.\n`,
    ...four,
    unspoken: ['wet', 'pause'],
  },
  ...[
    'PREMIER TABLEAU|DEUXIÈME TABLEAU',
    'Erstes Bild|Zweites Bild',
    'CUADRO PRIMERO|CUADRO SEGUNDO',
  ].map((heads) => ({
    name: `scenes called ${heads.split('|')[0]}`,
    text: `${heads.split('|')[0]}\n\nNELL. Who goes there?\n\nTOM. Only me.\n\n${heads.split('|')[1]}\n\nNELL. Come in.\n\nTOM. Gladly.\n`,
    places: { 1: [1, 2] },
    speeches: { NELL: 2, TOM: 2 },
  })),
  {
    name: 'names in small letters with a stop and a bracket between, under each other',
    text: `ЯВЛЕНИЕ ПЕРВОЕ\n\nАнна и Егор.\n\nАнна. Кто там?\nЕгор (смеётся). Это я.\nАнна. Входи.\nЕгор. С радостью.\nАнна. Садись.\n`,
    places: { 1: [1] },
    speeches: { АННА: 3, ЕГОР: 2 },
    unspoken: ['смеётся'],
  },
  {
    name: 'dashes on both sides of what is done',
    text: `ACT I.\n\nNELL -- [_wearily._] -- Who goes there?\n\nTOM. -- Only me.\n\nNELL -- [_with a nod_] -- Come in.\n\nTOM -- Gladly.\n\nACT DROP\n`,
    ...four,
    unspoken: ['wearily', 'nod', 'drop'],
  },
  {
    name: 'a comma and italics behind a name alone, some of whom are so but once',
    text: `SCÈNE I.--NELL, TOM.\n\nNELL.\n\nQui va là?\n\nTOM, _riant_.\n\nC'est moi.\n\nNELL, _à part_.\n\nEncore lui.\n\nTOM.\n\nBonsoir.\n`,
    ...four,
    unspoken: ['riant', 'part'],
  },
  {
    name: 'a chorus that speaks second, its name alone above its words',
    text: `NELL\nWho goes there?\nCHORUS\nOnly we.\nNELL\nCome in.\nCHORUS\nGladly.\n`,
    places: { 1: [1] },
    speeches: { NELL: 2, CHORUS: 2 },
  },
  {
    name: 'who leaves in Spanish, by name',
    text: `ACTO PRIMERO\n\nSalen NELA y TOMÁS.\n\nNELA: ¿Quién va?\nTOMÁS: Yo.\n\nVase TOMÁS.\n\nNELA: Entra.\nTOMÁS: Con gusto.\n`,
    places: { 1: [1] },
    speeches: { NELA: 2, TOMÁS: 2 },
    unspoken: ['salen', 'vase'],
  },
  {
    name: 'a setting of more words than are spoken',
    text: `Scene 1\n\nThe mill, at night, with rain on the wheel and a lamp that swings above the door; sacks along the wall, a ladder to the loft, and a fire that has nearly gone out.\n\nNELL: Well?\nTOM: Wet.\nNELL: In.\nTOM: Aye.\n`,
    ...four,
    unspoken: ['sacks'],
  },
  {
    name: 'double brackets, and an end of one word',
    text: `NELL: ((rising)) Who goes there?\nTOM: Only me.\nNELL: Come in.\nTOM: Gladly. ((sits))\n\nEnd.\n`,
    ...four,
    unspoken: ['rising', 'sits', 'end'],
  },
];
