import { SaxesParser } from 'saxes';

/** What a TEI edition's own markup says a play consists of. */
export interface TeiTruth {
  /**
   * Acts with a speech, in order: the number printed, or the place in the order, and the scenes in it with a speech.
   * What is spoken before an act's first scene counts as one of them, and so does an epilogue or a scene behind an act.
   */
  readonly acts: readonly { readonly number: number; readonly scenes: number }[];
  /** Speeches in order: who the markup says speaks them, as ids. */
  readonly speeches: readonly { readonly who: string; readonly label: string }[];
  /** Letter or digit → how often it stands between the tags. */
  readonly letters: ReadonlyMap<string, number>;
}

const actTypes = /^(?:act|acte|akt|jornada|act_and_scene)$/;
const sceneTypes = /^(?:scene|szene|prologue|epilogue|induction|chorus)$/;
/** Types that say nothing, so that the printed heading does. */
const plainTypes = /^(?:|text|part|section|level.?|other)$/;
const actHeadings =
  /^\W*(?:\S+\s+)?(?:act|acte|actus|akt|aufzug|acto|jornada|atto|действие|handlung|felvonás|szakasz)(?!\p{L})/iu;
const sceneHeadings =
  /^[\d\W]*(?:\S+\s+)?(?:scene|scène|szene|auftritt|escena|scena|явление|jelenet|jelenés|kép)(?!\p{L})/iu;
const prologues = /^\s*(?:pr[oó]l[oó]g|vorspiel|пролог|induction|előjáték|előversengés)/iu;
/** Words for 1, 2, 3 … in the headings of the corpora, as they begin. */
const ordinals = [
  /^(?:first|prim|premi|erste|перв|első)/iu,
  /^(?:second|secund|segund|deuxi|zweyte|zweite|втор|második)/iu,
  /^(?:third|terti|terz|tercer|troisi|dritte|трет|harmadik)/iu,
  /^(?:fourth|quart|cuart|quatri|vierte|четв|negyedik)/iu,
  /^(?:fifth|quint|cinqui|fünfte|пят|ötödik)/iu,
  /^(?:sixth|sext|sest|sixi|sechste|шест|hatodik)/iu,
];

interface Division {
  readonly type: string;
  readonly n: number | undefined;
  readonly outer: Division | undefined;
  /** Scenes are inside of it. */
  holds: boolean;
  heading: string;
  /** Speeches that stand in no division inside of it. */
  own: number;
}

/** Reads the markup alone, by another way than the parser that is measured. */
export function teiTruth(text: string): TeiTruth {
  const parser = new SaxesParser();
  parser.on('error', () => {}); // what is not well formed is read as far as it goes
  const open: { name: string; division: Division | undefined }[] = [];
  const divisions: Division[] = [];
  const speeches: { who: string; label: string }[] = [];
  const letters = new Map<string, number>();
  const inner = (): Division | undefined => open.findLast(({ division }) => division)?.division;
  parser.on('opentag', ({ name: tag, attributes }) => {
    const name = tag.replace(/^.*:/, '').toLowerCase();
    const given = attributes as Record<string, string>;
    const division = /^div\d?$/.test(name) ? divisionOf(given, inner()) : undefined;
    open.push({ name, division });
    if (division) {
      divisions.push(division);
      for (let at = division.outer; at; at = at.outer) at.holds ||= sceneTypes.test(division.type);
    }
    if (name !== 'sp') return;
    const ids = (given.who ?? '').split(/\s+/).map((id) => id.replace(/^#/, ''));
    speeches.push({ who: [...new Set(ids.filter(Boolean))].sort().join(' '), label: '' });
    const around = inner();
    if (around) around.own++;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', (part) => {
    countLetters(part, letters);
    const name = open.at(-1)?.name;
    const division = inner();
    const inHead =
      open.some((one) => one.name === 'head') && !open.some((one) => one.name === 'note');
    if (inHead && division) division.heading += name === 'head' ? ` ${part}` : part;
    else if (name === 'speaker') speeches.at(-1)!.label += part;
  });
  parser.write(text).close();
  return { acts: actsOf(divisions), speeches, letters };
}

function divisionOf(
  { type = '', n }: Readonly<Record<string, string>>,
  outer: Division | undefined,
): Division {
  const number = /^\d+$/.test(n ?? '') ? Number(n) : undefined;
  return { type: type.toLowerCase(), n: number, outer, holds: false, heading: '', own: 0 };
}

/** Adds the letters and digits of a text to a count. */
export function countLetters(text: string, counts: Map<string, number>): void {
  for (const [letter] of text.normalize('NFC').matchAll(/[\p{L}\p{N}]/gu))
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
}

/** A printed heading stands for a type that says nothing, and beats one that says "scene" where scenes are inside. */
const isAct = ({ type, heading, holds }: Division): boolean =>
  (actTypes.test(type) && !sceneHeadings.test(heading)) ||
  (((type === 'scene' && holds) || plainTypes.test(type)) &&
    actHeadings.test(heading) &&
    !/sc[a-z]*n|szene|auftritt|явлен/i.test(heading));
const isScene = ({ type, heading }: Division): boolean =>
  sceneTypes.test(type) ||
  (actTypes.test(type) && sceneHeadings.test(heading)) ||
  (plainTypes.test(type) && (sceneHeadings.test(heading) || /^\s*act.*sc[a-z]*n/i.test(heading)));
const isEpilogue = ({ type, heading }: Division): boolean =>
  type === 'epilogue' || /^\s*epilog/i.test(heading);

/** The innermost division around one, or itself, of which something holds. */
function within(division: Division, holds: (division: Division) => boolean): Division | undefined {
  for (let at: Division | undefined = division; at; at = at.outer) if (holds(at)) return at;
  return undefined;
}

function actsOf(divisions: readonly Division[]): { number: number; scenes: number }[] {
  /** Act → its scenes with a speech, and itself for what is spoken before the first of them. */
  const scenes = new Map<Division, Set<Division>>();
  let act = unheadedFirst(divisions);
  for (const division of divisions) {
    const around = within(division, isAct);
    const isSame = act !== undefined && isOneAct(act, division);
    if (!isSame && opensAct(division)) act = division;
    const behind = within(division, isEpilogue) ?? within(division, isScene);
    if (division.own === 0 || !act || !(around ?? behind ?? division === act)) continue;
    const known = scenes.get(act) ?? new Set();
    const again = isSame && around === division ? division : undefined;
    const scene = within(division, isScene) ?? again;
    // A division of no kind goes on with the scene before it; one more of the act's own is a scene.
    if (scene || known.size === 0) known.add(scene ?? act);
    scenes.set(act, known);
  }
  return numbered([...scenes].map(([division, { size }]) => ({ division, scenes: size })));
}

/** The heading of an act counts wherever it stands, also where the division ends behind it; one inside of an act needs one. */
function opensAct(division: Division): boolean {
  const outer = division.outer && within(division.outer, isAct);
  return isAct(division) && (!outer || division.heading !== '');
}

/** "Act 1" printed above each of its scenes, in divisions of one number, is one act. */
function isOneAct(act: Division, division: Division): boolean {
  const number = numberOf(division);
  return (
    act.n !== undefined && number !== undefined && numberOf(act) === number && act.n === division.n
  );
}

/** The act that a play begins with, where the first that is headed is the second. */
function unheadedFirst(divisions: readonly Division[]): Division | undefined {
  const first = divisions.findIndex(isAct);
  if (first < 0 || numberOf(divisions[first]!) !== 2) return undefined;
  return divisions.slice(0, first).find(({ own }) => own > 0);
}

/** The numeral of a printed heading; where none is printed, what the markup counts. */
function numberOf({ heading, n }: Division): number | undefined {
  const found = /(?<![\p{L}\p{N}])([IVX]+|\d{1,2})(?:m?us|d?a|tia)?(?![\p{L}\p{N}])/u.exec(
    heading,
  )?.[1];
  return romanOf(found) ?? ordinalIn(heading) ?? (heading === '' ? n : undefined);
}

/** The numeral of a heading that spells it: the word beside "act". */
function ordinalIn(heading: string): number | undefined {
  if (!actHeadings.test(heading)) return undefined;
  const words = heading
    .trim()
    .split(/[^\p{L}]+/u)
    .slice(0, 3);
  const found = words.map((word) => ordinals.findIndex((form) => form.test(word)) + 1);
  return found.find((number) => number > 0);
}

function numbered(
  acts: readonly { readonly division: Division; readonly scenes: number }[],
): { number: number; scenes: number }[] {
  let last = 0;
  return acts.flatMap(({ division, scenes }) => {
    if (prologues.test(division.heading)) return [];
    const printed = numberOf(division);
    last = printed !== undefined && printed > last ? printed : last + 1;
    return [{ number: last, scenes }];
  });
}

function romanOf(numeral: string | undefined): number | undefined {
  if (numeral === undefined) return undefined;
  if (/^\d/.test(numeral)) return Number(numeral);
  const values = [...numeral].map((letter) => ({ I: 1, V: 5, X: 10 })[letter]!);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
