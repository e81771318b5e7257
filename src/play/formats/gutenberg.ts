import { isDirectionText, isGesture } from '../direction.ts';
import { LabelBook, type LabelMatch } from './label-style.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { frame, isHeadingLine, type TextFrame } from './text-frame.ts';
import { writeFront } from './text-front.ts';

/**
 * Cuts a plain text into pieces: every generation of Project Gutenberg, World Library, First Folio,
 * Folger, Moby. Labels are learned from the text itself, since every layout prints them otherwise.
 */
export function plainTextPieces(text: string): Piece[] {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return new TextReader(lines, frame(lines)).read();
}

/** A line drawn across the page. */
const ruled = /^(?:[-=*_~+.#][ \t]*){3,}$/;
/** Needs no empty line before it to be a heading. */
const certainHeading = /^\s{0,8}(?:ACT|SCENE)\s+[IVXLC\d]+\b/;
/** A direction in brackets that runs on for more lines than this is a bracket never closed. */
const maxBracketLines = 25;
/** Lines indented by more than this stand at the right or in the middle of the page. */
const deepIndent = 12;

class TextReader {
  readonly #lines: readonly string[];
  readonly #frame: TextFrame;
  readonly #writer = new PieceWriter();
  readonly #labels: LabelBook;
  #at: number;
  /** A label stands directly above: what comes is spoken, whatever it looks like. */
  #afterLabel = false;
  #inSpeech = false;
  #closeAt = 0;

  constructor(lines: readonly string[], parts: TextFrame) {
    this.#lines = lines;
    this.#frame = parts;
    this.#at = parts.bodyStart;
    const body = lines.slice(parts.bodyStart, parts.bodyEnd);
    this.#labels = new LabelBook(body, knownWords(lines, parts));
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
      this.#afterLabel = false;
      return;
    }
    const apart = this.#isApart() || certainHeading.test(line);
    if (text.startsWith('<<')) this.#notice();
    else if (apart && isHeadingLine(line) && this.#isHeading(line)) this.#heading();
    else {
      const label = this.#labels.at(this.#lines, this.#at);
      if (label) this.#label(label);
      else if (this.#isRunningTitle(text)) this.#writer.simple('boilerplate', text, this.#at + 1);
      else if (!this.#afterLabel && this.#isDirection(line, text, apart)) this.#bareDirection();
      else this.#spoken(line);
    }
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
    if (!/^\s*(?:the )?(?:prolog|epilog|chorus|induction)/i.test(line)) return true;
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

  #label({ label, direction, rest }: LabelMatch): void {
    const line = this.#at + 1;
    this.#writer.label(label, line);
    if (direction) this.#writer.direction(direction.replace(/_/g, ''), line, { inline: true });
    this.#inSpeech = true;
    this.#afterLabel = true;
    if (rest === '|') this.#braced(label);
    else if (rest) this.#spoken(rest);
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
    if (isDirectionText(text)) return true;
    if (/^_[^_]+_[.\])]*$/.test(text)) return isGesture(text);
    const indent = line.length - line.trimStart().length;
    if (this.#labels.style !== 'run' || this.#labels.indent === 0) return false;
    // World Library: labels and words are indented, so that what starts at the margin after a gap is a direction.
    return (
      (indent > deepIndent && (apart || isGesture(text) || indent > 30)) ||
      (indent === 0 && apart && this.#labels.capitals && /^[A-Z]/.test(text))
    );
  }

  /** Goes on until it ends with a stop or an empty line comes. */
  #bareDirection(): void {
    const first = this.#at;
    let text = this.#lines[first]!.trim();
    while (!/[.!?)\]]_?$/.test(text) && this.#at + 1 < this.#frame.bodyEnd) {
      const next = this.#lines[this.#at + 1]!;
      if (next.trim() === '' || this.#labels.at(this.#lines, this.#at + 1)) break;
      text += ` ${next.trim()}`;
      this.#at++;
    }
    this.#writer.direction(text.replace(/_/g, ''), first + 1);
  }

  /** A printed line of a speech, with the directions in it. */
  #spoken(raw: string): void {
    const first = this.#at + 1;
    const text = this.#closed(raw);
    const alone = !this.#afterLabel && /^\s*\[/.test(raw);
    const tail = this.#labels.indent > 0 ? /^(.*?\S)\s{3,}(\S.*)$/.exec(text) : null;
    const marked = tail && isGesture(tail[2]!) ? tail : null;
    if (alone && /^\s*\[[^\]]*\][.\s]*$/.test(text))
      this.#writer.direction(
        text.replace(/_/g, ''),
        first,
        this.#isInside() ? { inline: true } : {},
      );
    else if (!marked && this.#isOverflow(raw)) this.#writer.append(plain(text));
    else {
      this.#writer.endLine();
      this.#writer.words(plain(marked ? marked[1]! : text), first);
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

  /** The line and those that follow it until its bracket is closed. */
  #closed(raw: string): string {
    if (raw.lastIndexOf('[') <= raw.lastIndexOf(']')) return raw;
    const end = this.#nextClose();
    // Never closed: the bracket means nothing, and its lines are read one by one.
    if (end - this.#at > maxBracketLines) return raw.replace('[', '');
    let text = raw;
    while (this.#at < end) text += ` ${this.#lines[++this.#at]!.trim()}`;
    return text;
  }

  /** The next line with a closing bracket; found once for all the lines before it. */
  #nextClose(): number {
    while (this.#closeAt <= this.#at || !(this.#lines[this.#closeAt] ?? ']').includes(']'))
      this.#closeAt++;
    return this.#closeAt < this.#frame.bodyEnd ? this.#closeAt : Infinity;
  }
}

/** Gutenberg's italics inside words, and its parenthesised directions, in the form of plain words and brackets. */
function plain(text: string): string {
  return text
    .replace(/_\(([^()_]*)\)_|\(_([^()_]*)_\)/g, '[$1$2]')
    .replace(/_([^_]*)_/g, (_, inner: string) => inner)
    .replace(/_/g, '');
}

/** Words that labels may be short for: of the cast list, and with a capital after "Enter". */
function knownWords(
  lines: readonly string[],
  { castStart, castEnd, bodyEnd }: TextFrame,
): Set<string> {
  const found = new Set<string>();
  const add = (text: string): void => {
    for (const [word] of text.matchAll(/[A-Z][A-Za-zÀ-ÿ'’-]+/g)) found.add(word.toUpperCase());
  };
  for (let i = castStart; i < castEnd; i++) add(lines[i]!);
  for (let i = castEnd; i < bodyEnd; i++) if (/\b(?:re-?)?enter\b/i.test(lines[i]!)) add(lines[i]!);
  return found;
}
