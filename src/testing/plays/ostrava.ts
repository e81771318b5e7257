/**
 * The Lantern of Ostrava tests the parsers: one play and the ways of printing it, each of which must be read back into it.
 *
 * It has what trips parsers: a joint speech, speeches that go on after a direction, asides, a voice
 * from within, a label shared by several people, "Exeunt all but", an act without scenes to spare.
 */

type Turn =
  | {
      readonly who: readonly string[];
      readonly say: readonly (string | { readonly aside: string })[];
    }
  | { readonly stage: string };

export interface InventedScene {
  readonly act: number;
  readonly scene: number;
  readonly heading: string;
  readonly turns: readonly Turn[];
}

const say = (who: string, ...lines: (string | { aside: string })[]): Turn => ({
  who: who.split('+'),
  say: lines,
});
const stage = (text: string): Turn => ({ stage: text });
const aside = (text: string): { aside: string } => ({ aside: text });

export const title = 'The Lantern of Ostrava';

/** Name → how abbreviating editions print the label. */
const abbreviations: Readonly<Record<string, string>> = {
  MARTA: 'Mar',
  BRUNO: 'Bru',
  FERRYMAN: 'Fer',
  'FIRST WATCHMAN': '1 Watch',
  'SECOND WATCHMAN': '2 Watch',
  'LADY ODILE': 'Odi',
  ALL: 'All',
};

const castList: readonly string[] = [
  'Marta, a lamp-lighter.',
  'Bruno, her brother, a clerk.',
  'Lady Odile, mistress of the ferry.',
  'Ferryman, servant to Odile.',
  'Two Watchmen.',
];

export const scenes: readonly InventedScene[] = [
  {
    act: 1,
    scene: 1,
    heading: 'A quay at night.',
    turns: [
      stage('Enter MARTA and FERRYMAN'),
      say(
        'MARTA',
        'Who keeps the lantern on this weary quay?',
        "I see no flame; 'tis dark from here to sea.",
      ),
      say('FERRYMAN', 'Not I, good mistress. Ask the two that watch.'),
      stage('Exit FERRYMAN'),
      say(
        'MARTA',
        'He slinks away as cats do from a broom.',
        'Well, I must climb and trim the wick alone.',
      ),
      stage('Enter BRUNO, with a ledger'),
      say(
        'BRUNO',
        'Sister, come down; the tide has found the stair.',
        'The ink is wet, and so are both my shoes.',
      ),
      say(
        'MARTA',
        aside('Aside'),
        'He counts his shoes before he counts his kin.',
        'I come, I come.',
      ),
      stage('Exeunt'),
    ],
  },
  {
    act: 1,
    scene: 2,
    heading: 'Before the ferry house.',
    turns: [
      stage('Enter two Watchmen'),
      say('FIRST WATCHMAN', 'Stand! Who goes by?'),
      say('SECOND WATCHMAN', 'My shadow, and it stands.'),
      say('FIRST WATCHMAN', 'Then bid it give the word.'),
      say('BRUNO', aside('Within'), 'Friends to the ferry!'),
      stage('Enter BRUNO and MARTA'),
      say('FIRST WATCHMAN', 'Pass, friends.'),
      say('FIRST WATCHMAN+SECOND WATCHMAN', 'Good night to both of you.'),
      say('MARTA', 'Good night, and keep your shadows close.'),
      stage('Exeunt all but BRUNO'),
      say(
        'BRUNO',
        'I have a reckoning that will not close:',
        'Nine lamps, ten lamps, and one that never was.',
      ),
      stage('Exit'),
    ],
  },
  {
    act: 2,
    scene: 1,
    heading: 'A room in the ferry house.',
    turns: [
      stage('Enter LADY ODILE, BRUNO, MARTA, FERRYMAN, and others'),
      say('LADY ODILE', 'Ten years I paid for oil, and nine were burned.', 'Who drank the tenth?'),
      say('FERRYMAN', 'The moths did, madam. Moths have mighty throats.'),
      say('LADY ODILE', 'Then hang a moth.'),
      stage('Marta laughs'),
      say('BRUNO', 'The ledger, madam, says it otherwise.'),
      stage('Exit FERRYMAN, running'),
      say('ALL', 'Stop him, stop him!'),
      say('MARTA', 'Let be. A man that runs has paid in breath.'),
      stage('Exeunt'),
    ],
  },
];

const roman = ['', 'I', 'II', 'III'];
const titled = (name: string): string =>
  name.toLowerCase().replace(/\b\w/g, (letter) => letter.toUpperCase());
const joined = (who: readonly string[], by = ' and '): string => who.join(by);

/** Prints the play with a function for each thing that is printed. */
function printed(style: {
  readonly act: (number: number) => string;
  readonly scene: (scene: InventedScene) => string;
  readonly speech: (turn: Extract<Turn, { who: readonly string[] }>) => string;
  readonly stage: (text: string) => string;
  /** Between what is printed. */
  readonly gap?: string;
}): string {
  let act = 0;
  const parts: string[] = [];
  for (const scene of scenes) {
    if (scene.act !== act) parts.push(style.act(scene.act));
    act = scene.act;
    parts.push(style.scene(scene));
    for (const turn of scene.turns)
      parts.push('stage' in turn ? style.stage(turn.stage) : style.speech(turn));
  }
  return parts.join(style.gap ?? '\n\n');
}

/** Lines of a speech, a direction before the words standing in its line. */
function lines(
  turn: Extract<Turn, { who: readonly string[] }>,
  mark: (direction: string) => string,
): string[] {
  const found: string[] = [];
  let before = '';
  for (const part of turn.say) {
    if (typeof part === 'string') {
      found.push(before + part);
      before = '';
    } else before = `${mark(part.aside)} `;
  }
  return found;
}

const heading = ({ scene, heading: text }: InventedScene): string =>
  `SCENE ${roman[scene]}. ${text}`;

const markdown = `# ${title}\n\n${printed({
  act: (n) => `## ACT ${roman[n]}`,
  scene: (scene) => `### ${heading(scene)}`,
  speech: (turn) =>
    [`**${joined(turn.who, ' & ')}**`, ...lines(turn, (d) => `_\\[${d}]_`)].join('  \n'),
  stage: (text) => `_${text}_`,
})}\n`;

const header = `The Project Gutenberg eBook of ${title}\n\nThis ebook is for the use of anyone anywhere.\n\n*** START OF THE PROJECT GUTENBERG EBOOK ***\n\n\n`;
const footer =
  '\n\n*** END OF THE PROJECT GUTENBERG EBOOK ***\n\nHAMLET. This licence is no dialogue.\n';
const contents = `Contents\n\n${scenes.map((scene) => `${scene.scene === 1 ? ` ACT ${roman[scene.act]}\n` : ''} Scene ${roman[scene.scene]}. ${scene.heading}`).join('\n')}\n\n\n`;

/** The current layout: contents, labels in capitals with a stop, italics for directions. */
const gutenbergNow = `${header}${title.toUpperCase()}\n\nby Nobody at All\n\n\n${contents}Dramatis Personæ\n\n${castList.join('\n')}\n\nSCENE. A town by the water.\n\n\n${printed(
  {
    act: (n) => `ACT ${roman[n]}`,
    scene: (scene) => ` ${heading(scene)}`,
    speech: (turn) => [`${joined(turn.who)}.`, ...lines(turn, (d) => `[_${d}._]`)].join('\n'),
    stage: (text) =>
      text.startsWith('Enter') ? `${text.replace(/[A-Z]{2,}/g, titled)}.` : `[_${text}._]`,
  },
)}${footer}`;

/** The layout of 1998: short labels in small letters, directions in brackets. */
const gutenberg1998 = `${title.toUpperCase()}\n\nby Nobody at All\n\n\nPERSONS REPRESENTED.\n\n${castList.join('\n')}\n\n\n${printed(
  {
    act: (n) => `ACT ${roman[n]}.`,
    scene: (scene) => `Scene ${roman[scene.scene]}. ${scene.heading}`,
    speech: (turn) =>
      [
        `${joined(turn.who.map((name) => `${abbreviations[name]}.`))}`,
        ...lines(turn, (d) => `[${d}.]`),
      ].join('\n'),
    stage: (text) => `[${text.replace(/[A-Z]{2,}/g, titled)}.]`,
  },
)}\n\n\nEnd of Project Gutenberg's ${title}\n`;

/** World Library: labels indented before the words, directions at the right or in the middle. */
const worldLibrary = `${title.toUpperCase()}\n\nby Nobody at All\n\n\nDRAMATIS PERSONAE\n\n${castList.map((line) => `  ${line}`).join('\n')}\n\n\n${printed(
  {
    act: (n) => `ACT ${roman[n]}.`,
    scene: (scene) => `SCENE ${roman[scene.scene]}.\n${scene.heading}\n`,
    speech: (turn) =>
      lines(turn, (d) => `[${d}.]`)
        .map((line, i) => (i === 0 ? `  ${joined(turn.who)}. ${line}` : `    ${line}`))
        .join('\n'),
    stage: (text) =>
      text.startsWith('Enter')
        ? `\n                ${text.replace(/[A-Z]{2,}/g, titled)}.\n`
        : `${' '.repeat(50)}${text.replace(/[A-Z]{2,}/g, titled)}.`,
    gap: '\n',
  },
)}\n                 THE END\n`;

/** Folger's text: names in capitals without a stop, words on the same line or below. */
const folger = printed({
  act: (n) => `ACT ${n}\n=====`,
  scene: ({ scene, heading: text }) => `Scene ${scene}. ${text}\n=======`,
  speech: (turn) => {
    const spoken = lines(turn, (d) => `[${d}.]`);
    return spoken.length === 1
      ? `${joined(turn.who, '/')}  ${spoken[0]}`
      : `${joined(turn.who, '/')}\n${spoken.join('\n')}`;
  },
  stage: (text) => `[${text.replace(/[A-Z]{2,}/g, titled)}.]`,
});

/** Moby's text: a tab behind the name, and before every other line. */
const moby = printed({
  act: (n) => `ACT ${roman[n]}`,
  scene: ({ scene, heading: text }) => `SCENE ${roman[scene]}\t${text}`,
  speech: (turn) => {
    const spoken = lines(turn, (d) => `[${d}]`);
    const names = turn.who.map((name) =>
      name.includes(' ') || name === 'ALL' ? titled(name) : name,
    );
    if (names.length > 1)
      return `${names[0]}\t|\n${spoken.map((line) => `\t|  ${line}`).join('\n')}\n${names[1]}\t|`;
    return `${names[0]}\t${spoken.join('\n\t')}`;
  },
  stage: (text) => `\t[${text}]`,
});

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/'/g, '&apos;');
const acts = [...new Set(scenes.map(({ act }) => act))];
const inAct = (act: number): InventedScene[] => scenes.filter((scene) => scene.act === act);

const bosak = `<?xml version="1.0"?>
<!DOCTYPE PLAY SYSTEM "play.dtd">
<PLAY><TITLE>${title}</TITLE>
<FM><P>Put down by nobody at all.</P></FM>
<PERSONAE><TITLE>Dramatis Personae</TITLE>
${castList.map((line) => `<PERSONA>${line}</PERSONA>`).join('\n')}
</PERSONAE>
${acts
  .map(
    (act) => `<ACT><TITLE>ACT ${roman[act]}</TITLE>
${inAct(act)
  .map(
    (scene) => `<SCENE><TITLE>${heading(scene)}</TITLE>
${scene.turns
  .map((turn) =>
    'stage' in turn
      ? `<STAGEDIR>${turn.stage}</STAGEDIR>`
      : `<SPEECH>${turn.who.map((name) => `<SPEAKER>${name}</SPEAKER>`).join('\n')}
${lines(turn, (d) => `<STAGEDIR>${d}</STAGEDIR>`)
  .map((line) => `<LINE>${escaped(line)}</LINE>`)
  .join('\n')}</SPEECH>`,
  )
  .join('\n')}</SCENE>`,
  )
  .join('\n')}</ACT>`,
  )
  .join('\n')}
</PLAY>
`;

const idOf = (name: string): string => `#${name.replace(/ /g, '_')}`;
const tei = `<?xml version="1.0" encoding="utf-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>${title}</title></titleStmt></fileDesc>
<profileDesc><particDesc><listPerson>${Object.keys(abbreviations)
  .filter((name) => name !== 'ALL')
  .map(
    (name) =>
      `<person xml:id="${idOf(name).slice(1)}"><persName>${titled(name)}</persName></person>`,
  )
  .join('')}</listPerson></particDesc></profileDesc></teiHeader>
<text><front><castList><castItem><role>Marta</role><roleDesc>a lamp-lighter</roleDesc></castItem></castList></front>
<body>${acts
  .map(
    (act) =>
      `<div type="act" n="${act}"><head>ACT ${act}</head>${inAct(act)
        .map(
          (
            scene,
          ) => `<div type="scene" n="${scene.scene}"><head>Scene ${scene.scene}. ${scene.heading}</head>
${scene.turns
  .map((turn) =>
    'stage' in turn
      ? `<stage>${turn.stage.replace(/[A-Z]{2,}/g, titled)}.</stage>`
      : `<sp who="${turn.who.map(idOf).join(' ')}"><speaker>${joined(turn.who, '/')}</speaker>
${lines(turn, (d) => `<stage type="delivery">${d}</stage>`)
  .map((line) => `<l>${escaped(line)}</l>`)
  .join('\n')}</sp>`,
  )
  .join('\n')}</div>`,
        )
        .join('\n')}</div>`,
  )
  .join('\n')}</body></text></TEI>
`;

let speechCount = 0;
const mit = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<html><head><title>${title}: Entire Play</title>
<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1"></HEAD>
<body><table><tr><td class="play" align="center">${title}
<tr><td class="nav"><a href="/home">Homepage</A></table>
${printed({
  act: (n) => `<H3>ACT ${roman[n]}</h3>`,
  scene: (scene) => `<h3>${heading(scene)}</h3>`,
  speech: (
    turn,
  ) => `${turn.who.map((name) => `<A NAME=speech${++speechCount}><b>${name}</b></a>`).join('\n')}
<blockquote>
${lines(turn, (d) => `[${d}]`)
  .map((line, i) => `<A NAME=1.1.${i + 1}>${line}</A><br>`)
  .join('\n')}
</blockquote>`,
  stage: (text) => `<p><i>${text}</i></p>`,
})}
</body></html>
`;

const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`;
/** The table that is found most often: headings and directions are rows without a place. */
const csv = `Dataline,Play,PlayerLinenumber,ActSceneLine,Player,PlayerLine\n${rows().join('\n')}\n`;

function rows(): string[] {
  const found: string[] = [];
  const add = (turn: string, place: string, who: string, text: string): number =>
    found.push([found.length + 1, quoted(title), turn, place, quoted(who), quoted(text)].join(','));
  let act = 0;
  for (const scene of scenes) {
    if (scene.act !== act) add('', '', '', `ACT ${roman[scene.act]}`);
    act = scene.act;
    add('', '', '', heading(scene));
    let turns = 0;
    let line = 0;
    for (const turn of scene.turns) {
      if ('stage' in turn) add('', '', '', turn.stage);
      else {
        turns++;
        for (const text of lines(turn, (d) => `[${d}]`))
          add(
            String(turns),
            `${scene.act}.${scene.scene}.${++line}`,
            joined(turn.who, ' & '),
            text,
          );
      }
    }
  }
  return found;
}

/** Every printing, by a name to put in a test's title. */
export const printings: Readonly<Record<string, string>> = {
  Markdown: markdown,
  'Gutenberg, current': gutenbergNow,
  'Gutenberg, 1998': gutenberg1998,
  'World Library': worldLibrary,
  'Folger text': folger,
  'Moby text': moby,
  'Bosak XML': bosak,
  TEI: tei,
  'MIT HTML': mit,
  CSV: csv,
};
