import { isCastHeading } from '../cast/cast-list.ts';
import { isAction, isDirectionText, isGesture, isStillText } from '../direction.ts';
import { type Brackets, bracketParts, bracketsOf, type LinePart } from './brackets.ts';
import { plainTextPieces } from './gutenberg.ts';
import { type HeadingPart, headingParts, isHeadingLine, isNumberedHeading } from './heading.ts';
import { namesNobody } from './label-line.ts';
import { numeral } from './numeral.ts';
import type { Piece } from './piece.ts';

const headingLine = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$/;
/** A name in bold at the start of a line, and what follows it on the line. */
const labelLine = /^(\*\*|__)(?=\S)([^*_\n]{1,80}?)\1[ \t]*[:.]?[ \t]*(.*)$/;
/** A name in bold with a colon, in the mark or behind it: few texts but plays begin lines so. */
const colonLabel = /^(\*\*|__)[^*_\n]{1,80}(?::\1|\1[ \t]*:)/;
/** The mark of a list before a name in bold. */
const listItem = /^[ \t]*(?:[-*+]|\d{1,4}[.)])[ \t]+(?=\*\*|__)/;
const link = /\[([^[\]]*)\]\([^()]*\)/g;
const ruleLine = /^ {0,3}(?:[-*_=][ \t]*){3,}$/;

/**
 * The scenes of a text without a word such as "scene" in its headings: "## 1", "## The Pier". A heading opens one if
 * somebody speaks below it, before the next one.
 */
function unnamedScenes(
  lines: readonly string[],
  names: ReadonlySet<string>,
): ReadonlyMap<number, readonly HeadingPart[]> {
  const found = new Map<number, readonly HeadingPart[]>();
  const isScene = (text: string): boolean => isHeadingLine(plain(text));
  if (lines.some((line) => isScene(headingLine.exec(line)?.[2] ?? line))) return found;
  let open: { at: number; level: number; text: string } | undefined;
  lines.forEach((line, at) => {
    const [, marks, title = ''] = headingLine.exec(line) ?? [];
    if (marks) {
      const text = plain(title);
      if (!names.has(text))
        open = isCastHeading(text) ? undefined : { at, level: marks.length, text };
    } else if (open && labelLine.test(line.replace(listItem, ''))) {
      const number = /^(?:\d{1,2}|[IVX]+)\.?$/.test(open.text) ? numeral(open.text) : undefined;
      const part = { level: 'scene' as const, text: open.text, ...(number && { number }) };
      if (open.level > 1) found.set(open.at, [part]);
      open = undefined;
    }
  });
  return found.size > 1 ? found : new Map();
}

/** A heading of so many characters names nobody. */
const longestName = 40;

/** How much of a text is looked at to tell whether it is Markdown, in characters. */
const headLength = 60_000;

/** True for a text whose structure is Markdown's: "#" headings, or names in bold at the start of lines. */
export function isMarkdown(text: string): boolean {
  const lines = text.slice(0, headLength).split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (
    headingLine.test(first) ||
    (first.trim() === '---' && lines.some((line) => headingLine.test(line)))
  )
    return true;
  if (
    lines.some((line) => line.startsWith('#') && isHeadingLine(headingLine.exec(line)?.[2] ?? ''))
  )
    return true;
  if (lines.filter((line) => colonLabel.test(line)).length >= 3) return true;
  const bold = lines.map((line) => labelLine.exec(line)?.[2]).filter((name) => name !== undefined);
  return bold.length >= 4 && new Set(bold).size <= bold.length / 2;
}

/** Cuts a Markdown edition into pieces: headings for acts and scenes, bold labels, directions in italics. */
export function markdownPieces(text: string): Piece[] {
  const lines = text.split('\n');
  // A word in bold does not make a label: without two of them names are printed as in any plain text.
  const names = repeatedHeadings(lines);
  if (
    names.size === 0 &&
    lines.filter((line) => labelLine.test(line.replace(listItem, ''))).length < 2
  )
    return plainTextPieces(lines.map(plainLine).join('\n'));
  return new MarkdownReader(lines, names).read();
}

/** Headings that come again and open no act or scene: "### Nell" above her words. */
function repeatedHeadings(lines: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const text = line.startsWith('#') ? plain(headingLine.exec(line)?.[2] ?? '') : '';
    if (text === '' || text.length >= longestName || headingParts(text).length > 0) continue;
    if (!isCastHeading(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count > 1).map(([text]) => text));
}

/** A line without the marks of Markdown that plain text has not: headings, quotes, breaks; emphasis as "_" alone. */
function plainLine(line: string): string {
  return unbroken(line)
    .replace(headingLine, '$2')
    .replace(/^(?:[ \t]*>)+[ \t]?/, '');
}

/** Reads line by line; the only state is where in the text it is, and the direction it is inside of. */
class MarkdownReader {
  readonly #lines: readonly string[];
  /** Headings that are names. */
  readonly #names: ReadonlySet<string>;
  /** Line → the scene that its heading opens, in a text none of whose headings says so. */
  readonly #scenes: ReadonlyMap<number, readonly HeadingPart[]>;
  readonly #brackets: Brackets;
  readonly #pieces: Piece[] = [];
  #at = 0;
  #started = false;
  #inCast = false;
  /** Under a heading that opens no act or scene and names nobody: what is not labelled there is not spoken. */
  #isBack = false;
  #titled = false;
  /** A label or a line of words stands directly above, with no empty line between. */
  #inParagraph = false;

  constructor(lines: readonly string[], names: ReadonlySet<string>) {
    this.#lines = lines;
    this.#names = names;
    this.#scenes = unnamedScenes(lines, names);
    this.#brackets = bracketsOf(lines.map((line) => line.replace(link, '$1')));
  }

  read(): Piece[] {
    this.#frontMatter();
    for (; this.#at < this.#lines.length; this.#at++) this.#line(this.#lines[this.#at]!);
    return this.#pieces;
  }

  /** The "---" block that some editions carry their title in. */
  #frontMatter(): void {
    if (this.#lines[0]?.trim() !== '---') return;
    const end = this.#lines.findIndex((line, i) => i > 0 && line.trim() === '---');
    if (end < 0 || end > 50) return;
    for (this.#at = 1; this.#at < end; this.#at++) {
      const title = /^title:\s*["']?(.*?)["']?\s*$/i.exec(this.#lines[this.#at]!)?.[1];
      if (title) this.#title(title);
      else this.#push('boilerplate', this.#lines[this.#at]!);
    }
    this.#at = end + 1;
  }

  #line(raw: string): void {
    const heading = raw.includes('#') ? headingLine.exec(raw) : null;
    if (heading) this.#heading(heading[1]!.length, plain(heading[2]!));
    else if (raw.trim() === '' || (/^ {0,3}[-*_=]/.test(raw) && ruleLine.test(raw)))
      this.#inParagraph = false;
    else this.#text(unbroken(raw.replace(/^(?:[ \t]*>)+[ \t]?/, '')));
  }

  #text(line: string): void {
    const mark = listItem.exec(line)?.[0] ?? '';
    const item = this.#started ? line.slice(mark.length) : line;
    const label = labelLine.exec(item.trimStart());
    if (label && this.#isNoName(plain(label[2]!), label[3]!)) return;
    if (label && this.#started && /\d/.test(mark)) this.#push('boilerplate', mark);
    if (label && (this.#started || !this.#inParagraph)) this.#label(label);
    else if (!this.#started) this.#front(line);
    else if (
      !this.#inParagraph &&
      !/^\s*[_*]/.test(line) &&
      (isDirectionText(line) || isStillText(line))
    )
      this.#push('direction', plain(line));
    else this.#words(line);
  }

  /** "**Scene 1: A pier**", "**Characters:**", "**END OF PLAY**": bold, and nobody's name. Written, if so. */
  #isNoName(text: string, rest: string): boolean {
    const alone = /^[\s:.]*$/.test(rest);
    if (alone && isNumberedHeading(text)) this.#parts(headingParts(text));
    else if (alone && isCastHeading(text)) {
      this.#inCast = !this.#started;
      this.#push(this.#inCast ? 'cast' : 'boilerplate', text);
    } else if (/^title\s*:/i.test(text)) this.#title(`${text}${rest}`);
    else if (namesNobody(text)) this.#push('boilerplate', `${text} ${plain(rest)}`);
    else return false;
    this.#inParagraph = false;
    return true;
  }

  #heading(level: number, text: string): void {
    this.#inParagraph = false;
    const parts = this.#scenes.get(this.#at) ?? headingParts(text);
    if (parts.length > 0) this.#parts(parts);
    else if (this.#names.has(text) && !(this.#titled && level === 1)) this.#name(text);
    else if (level >= 4 && this.#started && text.length < longestName) this.#push('label', text);
    else {
      this.#inCast = isCastHeading(text);
      this.#isBack = this.#started;
      if (!this.#titled && !this.#started && !this.#inCast) this.#title(text);
      else this.#push(this.#inCast ? 'cast' : 'boilerplate', text);
    }
  }

  #parts(parts: readonly HeadingPart[]): void {
    this.#started = true;
    this.#isBack = false;
    this.#inCast = false;
    const line = this.#at + 1;
    const last = parts.length - 1;
    parts.forEach(({ level, number, text }, i) => {
      const whole = i === last && text !== '' ? `${text}${this.#headingRest()}` : text;
      this.#pieces.push({
        kind: level,
        text: whole,
        line,
        ...(number === undefined ? {} : { number }),
      });
    });
  }

  /** A heading too long for its line goes on below it, up to an empty line. */
  #headingRest(): string {
    let rest = '';
    for (;;) {
      const next = this.#lines[this.#at + 1];
      if (next === undefined || !/^ {0,3}[\w(]/.test(next) || isDirectionText(next)) return rest;
      rest += ` ${plain(next.trim())}`;
      this.#at++;
    }
  }

  #name(text: string): void {
    if (!this.#started) this.#parts([{ level: 'scene', text: '' }]);
    this.#push('label', text);
    this.#isBack = false;
    this.#inParagraph = true;
  }

  #title(text: string): void {
    this.#titled = true;
    const [, key, title] = /^(title:\s*)(.*)$/i.exec(text) ?? ['', '', text];
    if (key) this.#push('boilerplate', key);
    this.#push('title', title!);
  }

  #front(line: string): void {
    const item = plain(line.replace(/^[ \t]*(?:[-*+]|\d+\.)[ \t]+/, ''));
    this.#push(this.#inCast ? 'cast' : 'boilerplate', item);
  }

  #label(match: RegExpExecArray): void {
    if (!this.#started) this.#parts([{ level: 'scene', text: '' }]);
    // "**A** **B**" is one joint label.
    const others = /^(?:\*\*[^*]{1,80}\*\*\s*)+$/.test(match[3]!) ? match[3]! : '';
    const { inside, outside } = cutBrackets(
      plain(`${match[2]}${others && `, ${others.trim().replace(/\*\*\s+\*\*/g, ', ')}`}`),
    );
    this.#push('label', outside);
    this.#isBack = false;
    for (const direction of inside) this.#direction(direction, true);
    this.#inParagraph = true;
    if (match[3] && !others) this.#words(behindLabel(match[3]));
  }

  /** A line of a speech, or a direction in italics that may run over several lines. */
  #words(line: string): void {
    if (this.#isBack) {
      this.#push('boilerplate', plain(line));
      return;
    }
    const first = this.#at + 1;
    let text = line;
    while (
      (opensItalics(text) || this.#opensRound(text)) &&
      this.#lines[this.#at + 1]?.trim() &&
      this.#at + 2 - first < 20
    )
      text += ` ${this.#lines[++this.#at]!.trim().replace(/\\$/, '')}`;
    let joins = false;
    for (const part of italicParts(text).flatMap((one) => this.#roundParts(one))) {
      if (part.direction) this.#direction(part.text, this.#inParagraph, first);
      else if (/[^\s]/.test(part.text)) {
        this.#pieces.push({
          kind: 'words',
          text: part.text.trim(),
          line: first,
          ...(joins && { joins }),
        });
        this.#inParagraph = true;
      }
      joins ||= !part.direction;
    }
  }

  /** In a text without square brackets: cut at the round ones that hold directions. */
  #roundParts(part: LinePart): readonly LinePart[] {
    // Right behind a name, and alone on its line below one, a bracket says how.
    const behind = this.#pieces.at(-1)?.kind === 'label' && /^\s*\(([^()]*)\)(.*)$/.exec(part.text);
    if (!part.direction && behind) {
      const how = { text: behind[1]!, direction: true };
      return [how, ...this.#roundParts({ text: behind[2]!, direction: false })];
    }
    return part.direction || this.#brackets === 'square'
      ? [part]
      : bracketParts(part.text, 'round');
  }

  /** A round bracket that holds directions, which a line of this paragraph closes. */
  #opensRound(text: string): boolean {
    if (this.#brackets === 'square' || text.lastIndexOf('(') <= text.lastIndexOf(')')) return false;
    for (let at = this.#at + 1; (this.#lines[at] ?? '').trim() !== ''; at++)
      if (this.#lines[at]!.includes(')')) return true;
    return false;
  }

  #direction(text: string, inline: boolean, line = this.#at + 1): void {
    const bare = text.replace(/^\s*[[(]\s*|\s*[\])]\s*$/g, '').trim();
    if (bare === '') return;
    this.#pieces.push({ kind: 'direction', text: bare, line, ...(inline && { inline }) });
  }

  #push(kind: 'title' | 'cast' | 'boilerplate' | 'label' | 'direction', text: string): void {
    if (text.trim() !== '') this.#pieces.push({ kind, text: text.trim(), line: this.#at + 1 });
  }
}

/** What is said, behind the mark that a label or its direction ends with: "*(low)*: Come.", "— Come." */
function behindLabel(text: string): string {
  return text
    .replace(/^(?:[—–]|--?)\s+/, '')
    .replace(/^\(([^()]*)\)\s*[:—–]\s*/, '[$1] ')
    .replace(/^([_*]{1,3}[^_*]+[_*]{1,3}|\[[^\]]*\])\s*[:—–]\s*/, '$1 ');
}

/** A line opens italics that it does not close: an odd number of unescaped "_" or lone "*". */
function opensItalics(line: string): boolean {
  const marks = line.replace(/\\./g, '').replace(/\*\*/g, '').match(/_|\*/g) ?? [];
  return marks.length % 2 === 1;
}

/** Cuts a line at its directions: italics that are bracketed, stand alone, or read like a direction, and brackets. */
function italicParts(line: string): LinePart[] {
  if (!/[_*[\\]/.test(line)) return [{ text: line, direction: false }];
  const parts: LinePart[] = [];
  const italics =
    /(?<![\w\\])([_*])(?!\s)((?:\\.|(?!\1)[^\\]){0,2000}?)\1(?!\w)|\\?\[([^[\]]{0,2000}?)\\?\]/g;
  let end = 0;
  let words = '';
  for (const match of line.matchAll(italics)) {
    const inner = plain(match[2] ?? `[${match[3]}]`);
    words += plain(line.slice(end, match.index));
    end = match.index + match[0].length;
    const alone = words.trim() === '' && line.slice(end).trim() === '';
    const acted = isAction(words.trimStart(), inner, line.slice(end));
    if (alone || acted || /^\s*[[(]/.test(inner) || isGesture(inner)) {
      if (words.trim()) parts.push({ text: words, direction: false });
      parts.push({ text: inner, direction: true });
      words = '';
    } else words += inner;
  }
  words += plain(line.slice(end));
  if (words.trim()) parts.push({ text: words, direction: false });
  return parts;
}

/** Takes "[Aside]" out of a label. */
function cutBrackets(label: string): { inside: string[]; outside: string } {
  const inside = [...label.matchAll(/[[(]([^\])]*)[\])]/g)].map((match) => match[1]!);
  return { inside, outside: label.replace(/[[(][^\])]*[\])]/g, ' ').trim() };
}

/** A line without the spaces or the backslash that break it from the next. */
function unbroken(line: string): string {
  const text = line.trimEnd();
  return text.endsWith('\\') ? text.slice(0, -1) : text;
}

/** Markdown's escapes and emphasis marks taken off. */
function plain(text: string): string {
  if (!/[_*\\]/.test(text)) return text;
  return text
    .replace(/(?<![\w\\])[_*]{1,3}(?=\S)|(?<=[^\s\\])[_*]{1,3}(?!\w)/g, '')
    .replace(/\\([!-/:-@[-`{-~])/g, '$1');
}
