import { plainTextPieces } from './gutenberg.ts';
import type { Piece } from './piece.ts';

/** How much of a text is looked at to tell whether it is wikitext, in characters. */
const headLength = 60_000;
/** Templates are nested no deeper, nor longer, in any page. */
const mostRounds = 12;

/** True for the source of a page of a wiki, such as Wikisource: headings in "=", templates in braces, quotes for italics. */
export function isWikitext(text: string): boolean {
  const head = text.slice(0, headLength);
  const signs = [
    /^={2,5}[^=\n]+={2,5}\s*$/m,
    /\{\{[^{}]{1,2000}\}\}/,
    /(?<!')'{2,3}(?!')[^'\n]{1,200}(?<!')'{2,3}(?!')/,
    /\[\[[^[\]\n]{1,200}\]\]/,
    /<(?:pages|poem|noinclude|section begin)\b/,
  ];
  return /\{\{|^={2}/m.test(head) && signs.filter((sign) => sign.test(head)).length >= 2;
}

/** Cuts a page of a wiki into pieces: its marks are turned into those of plain text, which is read as any other. */
export function wikitextPieces(text: string): Piece[] {
  const { body, notes, names } = plainText(text);
  const beside = notes.map((note): Piece => ({ kind: 'boilerplate', text: note, line: 1 }));
  return [...plainTextPieces(body, names), ...beside];
}

/** Templates that print the name of who speaks, in the Wikisources of several languages. */
const labels =
  /^(?:personnage|réplique|replica|реплика|speaker|sprecher|personaggio|personaje|dialogue|rôle)$/iu;
/** Templates that print a direction, or who is in a scene. */
const directions =
  /^(?:didascalie|didascalia|personnages|rem|ремарка|ремаркаср|stage ?directions?|sd|regieanweisung|acotación|acotacion)$/iu;
/** Templates that set a text in small capitals, as names are. */
const capitals = /^(?:sc|asc|small-?caps|smallcaps|kapitälchen|pc|uc|maiuscoletto|versalitas?)$/iu;
/** Templates that only set a text in some place or size: the last thing given is the text. */
const settings =
  /^(?:c|center|centre|centrado|centrato|ct|right|rechts|larger?|x+-larger|smaller|xx?-smaller|fine block|fsx?|font-size|sp|letter-spacing|nowrap|nobr|lang|bold|italic|em|t[2-5]|h[1-6]|dropinitial|di|lettrine|razr|разр|реф|overfloat left|hi|hanging indent|block center|poem)$/iu;

/** A page as plain text. */
interface PlainPage {
  readonly body: string;
  /** What belongs to the page and not to the play. */
  readonly notes: readonly string[];
  /** Whom the page itself marks as speakers. */
  readonly names: readonly string[];
}

function plainText(text: string): PlainPage {
  const notes: string[] = [];
  const names: string[] = [];
  const aside = (words: string): string => {
    if (words.trim() !== '') notes.push(words.replace(/\s+/g, ' ').trim());
    return '';
  };
  const untagged = text
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<ref\b[^>]*\/>|<(?:pages|section)\b[^>]*\/?>|__[A-Z]+__/g, '')
    .replace(/<(ref|noinclude)\b[^>]*>([\s\S]*?)<\/\1>/g, (_, _name, inner: string) => aside(inner))
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/?[a-z][a-z0-9]*\b[^<>]*>/gi, '')
    .replace(/&nbsp;|&#160;/g, ' ')
    .replace(/&[mn]dash;/g, '—')
    .replace(/&amp;/g, '&');
  const untemplated = withoutTemplates(untagged, (inner) => written(inner, aside, names))
    .replace(
      /\[\[(?:Category|Catégorie|Kategorie|Категория|Categor[íi]a|Categoria|File|Image|Fichier|Datei)\s*:[^[\]]*\]\]/giu,
      (all) => aside(all.replace(/[[\]]/g, '')),
    )
    .replace(/\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, '$1');
  return { body: untemplated.split('\n').map(plainLine).join('\n'), notes, names };
}

/** The innermost templates first, until none is left. */
function withoutTemplates(text: string, write: (inner: string) => string): string {
  let left = text;
  for (let round = 0; round < mostRounds && left.includes('{{'); round++)
    left = left.replace(/\{\{([^{}]*)\}\}/g, (_, inner: string) => write(inner));
  return left.replace(/\{\{|\}\}/g, ' ');
}

/** What a template prints. */
function written(inner: string, aside: (words: string) => string, names: string[]): string {
  const [name = '', ...given] = inner.split('|').map((part) => part.trim());
  const texts = given.filter((part) => part !== '' && !/^[\p{L}\p{N}_ -]{1,30}=/u.test(part));
  const [first = '', ...others] = texts;
  if (labels.test(name)) {
    const speaker = bare(first).toUpperCase();
    names.push(speaker);
    // One letter is a place on the page: "c" is the middle.
    const manner = bare(others.filter((part) => part.length > 1).join(', '));
    return manner === '' ? `\n\n${speaker}.\n` : `\n\n${speaker} (${manner}).\n`;
  }
  if (directions.test(name)) return texts.length === 0 ? '' : `[${bare(texts.join(', '))}]`;
  if (capitals.test(name)) return first.toUpperCase();
  if (settings.test(name)) return texts.at(-1) ?? '';
  const title =
    /(?:^|\|)\s*(?:title|titre|titel|título|titolo|название|заглавие)\s*=\s*([^|]*)/iu.exec(
      inner,
    )?.[1];
  aside(inner.replaceAll('|', ' '));
  return title === undefined ? '' : `${title.trim()}\n`;
}

const bare = (text: string): string =>
  text
    .replace(/'{2,}/g, '')
    .replace(/[.:,]+$/, '')
    .trim();

/** A line with the marks of plain text: headings alone, "_italics_", "**bold**", no sign of an indent. */
function plainLine(line: string): string {
  const heading = /^\s*(={1,6})\s*(.*?)\s*\1\s*$/.exec(line)?.[2];
  if (heading !== undefined) return `\n${heading.replace(/'{2,}/g, '')}\n`;
  const centred = /^\s*'''?([^']+)'''?\s*$/.exec(line)?.[1];
  return (centred ?? line)
    .replace(/^[:;*#]+\s*/, '')
    .replace(/'''''(.*?)'''''/g, '**$1**')
    .replace(/'''(.*?)'''/g, '**$1**')
    .replace(/''(.*?)''/g, '_$1_')
    .replace(/'{2,}/g, '');
}
