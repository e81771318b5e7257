import { isDirectionText, isEntranceText, isGesture, isStillText } from '../direction.ts';
import { type Brackets, bracketsOf } from './brackets.ts';
import { evenMarks } from './even-marks.ts';
import { isHeadingLine, isNumberedHeading } from './heading.ts';
import { LabelBook } from './label-book.ts';
import type { LabelMatch } from './label-line.ts';
import { bareLines } from './line-marks.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { frame, type TextFrame } from './text-frame.ts';
import { writeFront } from './text-front.ts';

/**
 * Cuts a plain text into pieces: every generation of Project Gutenberg, World Library, First Folio,
 * Folger, Moby. Labels are learned from the text itself, since every layout prints them otherwise.
 *
 * @param names Some who speak, in capitals, where they are known.
 */
export function plainTextPieces(text: string, names: readonly string[] = []): Piece[] {
  const bare = bareLines(text.split('\n').map((line) => line.trimEnd()));
  const lines = evenMarks(bare.lines);
  const pieces = new TextReader(lines, frame(lines), names).read();
  for (const mark of bare.marks) pieces.push({ kind: 'boilerplate', ...mark });
  return pieces;
}

/** A line drawn across the page. */
const ruled = /^(?:[-=*_~+.#][ \t]*){3,}$/;
/** Needs no empty line before it to be a heading. */
const certainHeading = /^\s{0,8}(?:ACT|SCENE)\s+[IVXLC\d]+\b/;
/** "END OF THE FIRST ACT." is neither spoken nor done. */
const partEnd =
  /^\W*(?:end of|fin (?:du|de la|de l['’])|ende (?:des|der)|fine (?:del|dell['’])|fin del|конец)\s.{0,40}$/iu;
/** Lines indented by more than this stand at the right or in the middle of the page. */
const deepIndent = 12;

/** No direction is longer, in lines: one that nobody closes is looked for no further. */
const mostBracketLines = 80;

class TextReader {
  readonly #lines: readonly string[];
  readonly #frame: TextFrame;
  readonly #writer = new PieceWriter();
  readonly #labels: LabelBook;
  readonly #brackets: Brackets;
  #at: number;
  /** A label stands directly above: what comes is spoken, whatever it looks like. */
  #afterLabel = false;
  #inSpeech = false;

  constructor(lines: readonly string[], parts: TextFrame, names: readonly string[]) {
    this.#lines = lines;
    this.#frame = parts;
    this.#at = parts.bodyStart;
    const body = lines.slice(parts.bodyStart, parts.bodyEnd);
    const known = knownWords(lines, parts);
    for (const word of names.flatMap((name) => name.split(/\s+/))) known.add(word);
    this.#labels = new LabelBook(body, known);
    this.#brackets = bracketsOf(body);
  }

  read(): Piece[] {
    writeFront(this.#lines, this.#frame, this.#writer);
    for (this.#at = this.#frame.bodyStart; this.#at < this.#frame.bodyEnd; this.#at++) this.#line();
    for (let i = this.#frame.bodyEnd; i < this.#lines.length; i++)
      this.#writer.simple('boilerplate', this.#lines[i]!, i + 1);
    return this.#writer.pieces;
  }

  #line(): void {
    const line = this.#lines[this.#at]!;
    const text = line.trim();
    if (text === '' || ruled.test(text)) {
      this.#afterLabel &&= this.#isSilent();
      return;
    }
    const apart = this.#isApart() || certainHeading.test(line);
    if (text.startsWith('<<')) this.#notice();
    else if (apart && isHeadingLine(line) && this.#isHeading(line)) this.#heading();
    else if (partEnd.test(text) && apart) this.#writer.simple('boilerplate', text, this.#at + 1);
    else {
      const label = this.#labels.at(this.#lines, this.#at);
      if (label) this.#label(label);
      else if (this.#isRunningTitle(text)) this.#writer.simple('boilerplate', text, this.#at + 1);
      else if (!this.#afterLabel && this.#isDirection(line, text, apart)) this.#bareDirection();
      else this.#spoken(line);
    }
  }

  /** The label above has no words yet: an empty line stands between. */
  #isSilent(): boolean {
    const last = this.#writer.pieces.at(-1);
    return last?.kind === 'label' || (last?.kind === 'direction' && last.inline === true);
  }

  #isApart(): boolean {
    const before = this.#lines[this.#at - 1];
    return (
      this.#at === this.#frame.bodyStart ||
      before === undefined ||
      before.trim() === '' ||
      isHeadingLine(before)
    );
  }

  /** "PROLOGUE." above words is a label, by itself a heading; an act or scene has a numeral and is always one. */
  #isHeading(line: string): boolean {
    if (isNumberedHeading(line)) return true;
    const words = this.#labels.at(this.#lines, this.#at)?.rest ?? '';
    if (words !== '' && !/^(?:spoken|by)\b/i.test(words)) return false;
    return (this.#lines[this.#at + 1] ?? '').trim() === '' && !/,/.test(line);
  }

  /** A heading and the lines directly under it: where the scene is. */
  #heading(): void {
    const first = this.#at;
    let text = this.#lines[first]!;
    while (this.#at + 1 < this.#frame.bodyEnd) {
      const next = this.#lines[this.#at + 1]!;
      if (
        next.trim() === '' ||
        isHeadingLine(next) ||
        ruled.test(next.trim()) ||
        /^\s*[[(]/.test(next) ||
        /^\W*(?:re-)?enter\b/i.test(next)
      )
        break;
      if (this.#labels.at(this.#lines, this.#at + 1)) break;
      text += ` ${next.trim()}`;
      this.#at++;
    }
    this.#writer.heading(text, first + 1);
    this.#inSpeech = false;
  }

  /** The play's name printed above a heading of the body. */
  #isRunningTitle(text: string): boolean {
    if (text !== text.toUpperCase() || text.length > 60) return false;
    let i = this.#at + 1;
    while (i < this.#frame.bodyEnd && this.#lines[i]!.trim() === '') i++;
    return i > this.#at + 1 && i < this.#frame.bodyEnd && isHeadingLine(this.#lines[i]!);
  }

  /** "<<THIS ELECTRONIC VERSION …>>" */
  #notice(): void {
    for (; this.#at < this.#frame.bodyEnd; this.#at++) {
      this.#writer.simple('boilerplate', this.#lines[this.#at]!, this.#at + 1);
      if (this.#lines[this.#at]!.includes('>>')) return;
    }
  }

  #label({ label, direction, rest, more }: LabelMatch): void {
    const line = this.#at + 1;
    if (rest === '' && direction === '' && this.#isEntrance()) {
      this.#writer.direction(label, line);
      return;
    }
    this.#at += more;
    this.#writer.label(label, line);
    if (direction) this.#writer.direction(direction.replace(/_|\*\*/g, ''), line, { inline: true });
    this.#inSpeech = true;
    this.#afterLabel = true;
    if (rest === '|') this.#braced(label);
    else if (rest) this.#spoken(rest);
  }

  /** Names under a heading, with a label next: who is in the scene. */
  #isEntrance(): boolean {
    if (this.#inSpeech || (this.#lines[this.#at + 1] ?? '').trim() !== '') return false;
    let next = this.#at + 1;
    while (next < this.#frame.bodyEnd && this.#lines[next]!.trim() === '') next++;
    return next < this.#frame.bodyEnd && this.#labels.at(this.#lines, next) !== undefined;
  }

  /** Moby's joint speech: names at the margin, a brace of bars, and the words behind it. */
  #braced(first: string): void {
    const line = this.#at + 1;
    const names = [first];
    const words: { text: string; at: number }[] = [];
    for (; (this.#lines[this.#at + 1] ?? '').includes('|'); this.#at++) {
      const [name = '', text = ''] = this.#lines[this.#at + 1]!.split('|');
      if (name.trim()) names.push(name.trim());
      if (text.trim()) words.push({ text, at: this.#at + 2 });
    }
    this.#writer.pieces.pop();
    this.#writer.label(names.join(', '), line, names);
    for (const { text, at } of words) {
      this.#writer.endLine();
      this.#writer.words(text, at);
    }
    this.#afterLabel = words.length === 0;
  }

  /** An unmarked direction: by its words, or by its place on the page. */
  #isDirection(line: string, text: string, apart: boolean): boolean {
    if (isDirectionText(text) || isStillText(text)) return true;
    if (apart && isEntranceText(text)) return true;
    if (/^_[^_]+_[.\])]*$/.test(text)) return isGesture(text);
    if (apart && this.#isItalicParagraph()) return true;
    const indent = line.length - line.trimStart().length;
    if (this.#labels.style !== 'run' || this.#labels.indent === 0) return false;
    // World Library: labels and words are indented, so that what starts at the margin after a gap is a direction.
    return (
      (indent > deepIndent && (apart || isGesture(text) || indent > 30)) ||
      (indent === 0 && apart && this.#labels.capitals && /^[A-Z]/.test(text))
    );
  }

  /** Several lines that are all in italics, up to an empty one. */
  #isItalicParagraph(): boolean {
    if (!this.#lines[this.#at]!.trim().startsWith('_')) return false;
    let text = '';
    for (let at = this.#at; (this.#lines[at] ?? '').trim() !== '' && at < this.#at + 40; at++)
      text += ` ${this.#lines[at]!.trim()}`;
    return /^ _[^_]+_[.\])]*$/.test(text) && (!this.#inSpeech || isGesture(text));
  }

  /** Goes on until it ends with a stop or an empty line comes. */
  #bareDirection(): void {
    const first = this.#at;
    let text = this.#lines[first]!.trim();
    const italic = text.startsWith('_') && !text.slice(1).includes('_');
    while ((italic || !/[.!?)\]]_?$/.test(text)) && this.#at + 1 < this.#frame.bodyEnd) {
      const next = this.#lines[this.#at + 1]!;
      if (next.trim() === '' || this.#labels.at(this.#lines, this.#at + 1)) break;
      text += ` ${next.trim()}`;
      this.#at++;
    }
    this.#writer.direction(text.replace(/_|\*\*/g, ''), first + 1);
  }

  /** A printed line of a speech, with the directions in it. */
  #spoken(raw: string): void {
    const first = this.#at + 1;
    const text = this.#closed(raw);
    const alone = !this.#afterLabel && /^\s*[[(]/.test(raw);
    const tail = this.#labels.indent > 0 ? /^(.*?\S)\s{3,}(\S.*)$/.exec(text) : null;
    const marked = tail && isGesture(tail[2]!) ? tail : null;
    const whole = this.#isAllBracket(text);
    if (whole && this.#afterLabel && this.#brackets === 'round')
      this.#writer.direction(text, first, { inline: true });
    else if (alone && whole)
      this.#writer.direction(
        text.replace(/_|\*\*/g, ''),
        first,
        this.#isInside() ? { inline: true } : {},
      );
    else if (!marked && this.#isOverflow(raw)) this.#writer.append(plain(text));
    else {
      this.#writer.endLine();
      this.#writer.words(plain(marked ? marked[1]! : text), first, this.#brackets);
      if (marked) this.#writer.direction(marked[2]!, first, { inline: true });
    }
    this.#afterLabel = false;
  }

  /** Inside a block of words, not a block of its own. */
  #isInside(): boolean {
    return (
      this.#inSpeech &&
      (this.#lines[this.#at - 1] ?? '').trim() !== '' &&
      !/\]\s*$/.test(this.#lines[this.#at - 1]!)
    );
  }

  /** The end of a line that was too long for the page. */
  #isOverflow(raw: string): boolean {
    if (
      !this.#labels.capitals ||
      this.#labels.style !== 'run' ||
      this.#labels.indent === 0 ||
      this.#afterLabel
    )
      return false;
    const indent = raw.length - raw.trimStart().length;
    return (
      (this.#lines[this.#at - 1] ?? '').trim() !== '' &&
      (indent === 0 || indent > this.#labels.indent + 2) &&
      /^\s*(?:> ?)?[a-z]/.test(raw)
    );
  }

  #isAllBracket(text: string): boolean {
    return (
      /^\s*\[[^\]]*\][.\s]*$/.test(text) ||
      (this.#brackets === 'round' && /^\s*\([^)]*\)[.\s]*$/.test(text))
    );
  }

  /**
   * The line and those that follow it until its bracket is closed: never over an empty line, a label or a heading.
   * A square bracket that nobody closes ends there; a round one means nothing.
   */
  #closed(raw: string): string {
    const isOpen = (text: string, open: string, close: string): boolean =>
      text.lastIndexOf(open) > text.lastIndexOf(close);
    const square = isOpen(raw, '[', ']');
    if (!square && !(this.#brackets === 'round' && isOpen(raw, '(', ')'))) return raw;
    const close = square ? ']' : ')';
    let text = raw;
    let at = this.#at;
    for (; at + 1 < this.#frame.bodyEnd && at - this.#at < mostBracketLines; at++) {
      const next = this.#lines[at + 1]!;
      if (next.trim() === '' || isHeadingLine(next) || this.#labels.at(this.#lines, at + 1)) break;
      text += ` ${next.trim()}`;
      if (next.includes(close) && !isOpen(text, square ? '[' : '(', close)) {
        this.#at = at + 1;
        return text;
      }
    }
    if (!square) return raw;
    // What is left of a speech's line may be spoken on: only a bracket at its start holds the lines below.
    const whole = /^\s*\[/.test(raw) || at - this.#at < 3;
    if (!whole) return `${raw}]`;
    this.#at = at;
    return `${text}]`;
  }
}

/** Gutenberg's italics inside words, and its parenthesised directions, in the form of plain words and brackets. */
function plain(text: string): string {
  return text
    .replace(/\*\*/g, '')
    .replace(/_\(([^()_]*)\)_|\(_([^()_]*)_\)/g, '[$1$2]')
    .replace(/_([^_]*)_/g, (_, inner: string) => inner)
    .replace(/_|\*\*/g, '');
}

/** Words that labels may be short for: of the cast list, and with a capital after "Enter". */
function knownWords(
  lines: readonly string[],
  { castStart, castEnd, bodyEnd }: TextFrame,
): Set<string> {
  const found = new Set<string>();
  const add = (text: string): void => {
    for (const [word] of text.matchAll(/\p{Lu}[\p{L}'’-]+/gu)) found.add(word.toUpperCase());
  };
  for (let i = castStart; i < castEnd; i++) add(lines[i]!);
  for (let i = castEnd; i < bodyEnd; i++) if (/\b(?:re-?)?enter\b/i.test(lines[i]!)) add(lines[i]!);
  return found;
}
