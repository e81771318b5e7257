import { folded } from '../folded.ts';
import { headingNumeral } from './numeral.ts';

/** One act or scene named in a heading. */
export interface HeadingPart {
  readonly level: 'act' | 'scene';
  /** The number printed, 0 for a prologue; absent if the heading has no numeral, or is "the last". */
  readonly number?: number;
  readonly text: string;
}

/** What acts and scenes are called in English and Latin, the Romance, Germanic and Slavic languages, Hungarian, Finnish and Turkish; without accents. */
const levels = {
  act: 'act|acte|actus|actvs|akt|akte|akten|aufzug|ufzug|handlung|acto|jornada|atto|giornata|ato|actul|действие|акт|дия|дія|bedrijf|bedryf|handeling|felvonas|szakasz|dejstvi|jednani|чин|naytos|perde|akto',
  scene:
    'scene|scena|scoena|scaena|schena|sceane|scine|scen|sce|scaen|scoen|szene|auftritt|escena|cena|явление|сцена|картина|ява|яви|одслона|tooneel|toneel|scenen|jelenet|jelenes|szin|kep|vystup|odslona|prizor|поява|kohtaus|optrin|meclis|sahne|sceno|tableau|bild|quadro|cuadro',
} as const;
type Level = keyof typeof levels;
/** Pictures are counted through the whole play: in each act the next one is the next scene. */
const running = /^(?:tableau|bild|quadro|cuadro)$/iu;

const article = "(?:the|la|le|l|el|der|die|das|lo|il)[\\s’']+";
const numeralWord = '[\\p{L}\\p{N}ªº]+(?:[-–][\\p{L}\\p{N}]+)*';
const gap = '[.:,;\\s–—-]*';
/** "ACT I", "SCENE THE LAST", "Действие 1-е", "Jornada primera". */
const wordFirst = (level: Level): RegExp =>
  new RegExp(
    `^(?:the\\s+)?(${levels[level]})(?![\\p{L}\\p{N}])${gap}(?:${article})?(${numeralWord})(?![\\p{L}\\p{N}])`,
    'iu',
  );
/** "FIRST ACT", "Erster Aufzug", "1. Akt", "Première scène". */
const numeralFirst = (level: Level): RegExp =>
  new RegExp(`^(?:${article})?(${numeralWord})[.)]?\\s*(${levels[level]})(?![\\p{L}\\p{N}])`, 'iu');
const forms = (['act', 'scene'] as const).flatMap((level) => [
  { level, form: wordFirst(level), at: 2 },
  { level, form: numeralFirst(level), at: 1 },
]);
const shortScene =
  /^sc\.\s*([\p{L}\p{N}]+)(?![\p{L}\p{N}])|^(?:esc|auftr|явл)\.\s*([\p{L}\p{N}]+)\.?$/iu;
const shortAct = /^act\.\s*([ivx\d]+)(?![\p{L}\p{N}])/iu;
const prologue =
  /^(?:(?:the|le|la|der|il|el|autre|second)\s+)?(?:prolog(?:ue?|o|i)?|prologus|пролог|induction|prelude|vorspiel|elojatek|eloversenges|predohra|forspil|forspel)(?![\p{L}\p{N}])/iu;
const epilogue =
  /^(?:(?:the|der|l['’]|el)\s*)?(?:epilog(?:ue?|o|i)?|epilogus|эпилог|епилог|nachspiel|utojatek|dohra|chorus)(?![\p{L}\p{N}])/iu;
/** What comes behind a numeral that stands before its word: nothing, a stop, or the next heading. */
const ends = /^(?:\s*[.,:;([—–-]|\s*$|\s{2,})/u;
const markup = /^[^\p{L}\p{N}]+/u;

/**
 * The act and the scene that a heading names: "ACT I", "Scene 2. The same.", "Actus Primus. Scoena Prima.", "Erster
 * Aufzug", "ДЕЙСТВИЕ ПЕРВОЕ", "ACT V., SCENE ULTIMA", "PROLOGUE". The texts of the parts, joined, are the heading.
 *
 * A prologue or induction is a scene numbered 0; an epilogue or chorus, and "the last", a scene without a number.
 *
 * @returns No parts if it names neither.
 */
export function headingParts(text: string): HeadingPart[] {
  const trimmed = text.trim();
  const bare = trimmed.replace(markup, '');
  // A fold changes the length of a text; headings are looked for in the fold, and cut out of the text by what follows.
  const plain = folded(bare);
  const found = numbered(plain);
  if (found) {
    const rest = cutBehind(trimmed, plain.length - found.end);
    const inner = found.level === 'act' ? headingParts(rest.behind) : [];
    const number = found.number === 'next' ? {} : { number: found.number };
    if (inner[0]?.level === 'scene' && inner[0].number !== 0)
      return [{ level: 'act', ...number, text: rest.before }, ...inner];
    return [{ level: found.level, ...number, text: trimmed }];
  }
  const announced = behindChorus(trimmed);
  if (announced) return announced;
  if (prologue.test(plain)) return [{ level: 'scene', number: 0, text: trimmed }];
  if (epilogue.test(plain)) return [{ level: 'scene', text: trimmed }];
  return [];
}

/** "Chorus. Actus 3. Scena Prima": the act that a chorus is printed with. */
function behindChorus(text: string): HeadingPart[] | undefined {
  const [chorus = ''] = /^\s*chorus\b[.:,;\s]*/i.exec(text) ?? [];
  const [first, ...inner] = chorus === '' ? [] : headingParts(text.slice(chorus.length));
  return first?.level === 'act' ? [{ ...first, text: chorus + first.text }, ...inner] : undefined;
}

interface Numbered {
  readonly level: Level;
  readonly number: number | 'next';
  /** Where it ends in the text. */
  readonly end: number;
}

/** The first act or scene with a numeral that a text without accents begins with. */
function numbered(plain: string): Numbered | undefined {
  for (const { level, form, at } of forms) {
    const match = form.exec(plain);
    const number = match ? headingNumeral(withUnit(match, at, plain)) : undefined;
    if (!match || number === undefined) continue;
    const end = match[0].length;
    if (at === 1 && !ends.test(plain.slice(end)) && !numbered(plain.slice(end).trimStart()))
      continue;
    return { level, number: running.test(match[3 - at]!) ? 'next' : number, end };
  }
  const [level, short] = shortAct.test(plain)
    ? (['act', shortAct.exec(plain)] as const)
    : (['scene', shortScene.exec(plain)] as const);
  const number = short ? headingNumeral(short[1] ?? short[2] ?? '') : undefined;
  return short && number !== undefined ? { level, number, end: short[0].length } : undefined;
}

/** "vingt et unième", "decima terza", "Twenty First": a numeral in two words is the second, with the first before it. */
function withUnit(match: RegExpExecArray, at: number, plain: string): string {
  const word = match[at]!;
  if (at !== 2) return word;
  const next = /^[\s-]+(?:et\s+)?([\p{L}]+)/u.exec(plain.slice(match[0].length))?.[1] ?? '';
  const joined = /^(?:decim[ao]|twenty|thirty|двадцать|тридцать|vingt)$/iu.test(word)
    ? [`${word}${next}`, `${word}-${next}`].find((both) => headingNumeral(both) !== undefined)
    : undefined;
  return joined ?? word;
}

/** The last `length` characters of a text, counted without accents, and what stands before them. */
function cutBehind(text: string, length: number): { before: string; behind: string } {
  let at = text.length;
  for (let left = length; left > 0 && at > 0; ) {
    at--;
    left -= folded(text[at]!).length;
  }
  const behind = text.slice(at).replace(/^[.,:;\s–—-]+/u, '');
  return { before: text.slice(0, text.length - behind.length).trim(), behind };
}

/** "CHORUS. Hear us": a label and its words. */
const spokenByChorus = /^[^\p{L}\p{N}]*chorus[^\p{L}\p{N}]*[.:][^\p{L}\p{N}]*\p{L}/iu;

/** A word that only the heading of an act or a scene has, near the start of a line. */
const placeWord = new RegExp(
  `^[^\\p{L}\\p{N}]{0,40}(?:[\\p{L}\\p{N}'’.-]+[\\s.)]+){0,2}?(?:${levels.act}|${levels.scene}|sc\\.|esc\\.|явл\\.|auftr\\.|prolog|epilog|пролог|эпилог|епилог|induction|prelude|chorus|vorspiel|nachspiel|eloj|elover|utoj)`,
  'iu',
);

/** True for a line that is a heading by itself: "ACT I", "SCENE II. The same." */
export function isHeadingLine(line: string): boolean {
  if (spokenByChorus.test(line) && !behindChorus(line)) return false;
  return placeWord.test(folded(line.slice(0, 120))) && headingParts(line).length > 0;
}

/** A heading that a label cannot be mistaken for: it has a numeral. */
export function isNumberedHeading(line: string): boolean {
  if (!isHeadingLine(line)) return false;
  const plain = folded(line.trim().replace(markup, ''));
  return !prologue.test(plain) && !epilogue.test(plain);
}
