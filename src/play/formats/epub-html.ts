import { headingParts } from './heading.ts';
import { readHtml } from './html.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

/** True for HTML that marks its persons by the vocabulary of e-books, as Standard Ebooks does. */
export function isEpubHtml(text: string): boolean {
  return /epub:type\s*=\s*["'][^"']*z3998:persona/.test(text);
}

/** Cuts an e-book's HTML into pieces: cells of persons are labels, cells beside them words, marked italics directions. */
export function epubPieces(text: string): Piece[] {
  const reader = new EpubReader();
  readHtml(text, {
    open: (name, attributes, line) => reader.open(name, attributes, line),
    close: (name) => reader.close(name),
    text: (part, line) => reader.text(part, line),
  });
  return reader.finish();
}

interface Opened {
  readonly name: string;
  readonly type: string;
}

class EpubReader {
  readonly #writer = new PieceWriter();
  readonly #open: Opened[] = [];
  #text = '';
  #line = 1;
  #heading: { text: string; line: number } | undefined;
  #entry = '';
  #titled = false;
  /** Words of the row that is open have been written. */
  #spoken = false;
  /** Rows that are still to come of a cell of words: their persons speak it, too. */
  #rows = 0;

  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void {
    const type = attributes['epub:type'] ?? '';
    if (this.#parts(name, type)) this.#flush();
    this.#open.push({ name, type });
    if (name === 'tr') {
      this.#rows = Math.max(0, this.#rows - 1);
      this.#spoken = false;
    } else if (name === 'td' && Number(attributes.rowspan ?? 1) > 1)
      this.#rows = Number(attributes.rowspan);
    else if (name === 'h2' || name === 'h3' || name === 'h4') this.#heading = { text: '', line };
    else if (name === 'br') this.#lineEnd();
    if (this.#text.trim() === '') this.#line = line;
  }

  close(name: string): void {
    const element = this.#open.at(-1);
    if (element && this.#parts(name, element.type)) this.#flush();
    this.#open.pop();
    if (name === 'p' || name === 'tr') this.#writer.endLine();
    else if (name === 'span' && this.#in('verse')) this.#lineEnd();
    else if (/^h[234]$/.test(name)) this.#headed();
    else if (name === 'li' && this.#entry !== '') {
      this.#writer.simple('cast', this.#entry, this.#line);
      this.#entry = '';
    }
  }

  text(text: string, line: number): void {
    if (this.#text.trim() === '') this.#line = line;
    this.#text += text;
  }

  finish(): Piece[] {
    this.#flush();
    return this.#writer.pieces;
  }

  #in(type: string): boolean {
    return this.#open.some((element) => element.type.includes(type));
  }

  #inside(name: string): boolean {
    return this.#open.some((element) => element.name === name);
  }

  /** A direction ends what is spoken before it; the names inside of it do not. */
  #parts(name: string, type: string): boolean {
    if (type.includes('stage-direction')) return true;
    if (this.#in('stage-direction')) return false;
    return !/^(?:i|b|em|strong|abbr|span|a|cite|q|u|small|sup|sub)$/.test(name);
  }

  #lineEnd(): void {
    if (this.#in('stage-direction')) this.#text += ' ';
    else {
      this.#flush();
      this.#writer.endLine();
    }
  }

  /** "Act" and "I" may be two elements of one heading. */
  #headed(): void {
    const heading = this.#heading;
    this.#heading = undefined;
    if (!heading) return;
    if (
      headingParts(heading.text).length === 0 ||
      !this.#writer.heading(heading.text, heading.line)
    )
      this.#writer.simple('boilerplate', heading.text, heading.line);
  }

  #flush(): void {
    const text = this.#text.replace(/[\u2060\u200b]/g, '').replace(/\s+/g, ' ');
    const line = this.#line;
    this.#text = '';
    if (text.trim() === '') return;
    if (this.#heading) this.#heading.text = `${this.#heading.text} ${text}`.trim();
    else if (this.#inside('head') || !this.#inside('body')) this.#head(text, line);
    else if (this.#in('dramatis-personae')) this.#cast(text, line);
    else if (this.#in('stage-direction'))
      this.#writer.direction(text, line, this.#spoken ? { inline: true } : {});
    else if (this.#inside('td')) this.#cellText(text, line);
    else if (this.#in('z3998:scene') || this.#in('z3998:drama')) this.#loose(text, line);
    else this.#writer.simple('boilerplate', text, line);
  }

  #head(text: string, line: number): void {
    this.#writer.simple(this.#titled ? 'boilerplate' : 'title', text, line);
    this.#titled = true;
  }

  #cast(text: string, line: number): void {
    if (this.#inside('li')) this.#entry += text;
    else this.#writer.simple('cast', text, line);
  }

  #cellText(text: string, line: number): void {
    const cell = this.#open.findLast(({ name }) => name === 'td');
    if (cell?.type.includes('z3998:persona')) this.#label(text, line);
    else {
      this.#writer.spoken(text, line);
      this.#spoken = true;
    }
  }

  /** A person in a row whose words stand in a cell above is one more speaker of them. */
  #label(text: string, line: number): void {
    const { pieces } = this.#writer;
    const at = pieces.findLastIndex(({ kind }) => kind === 'label');
    const first = pieces[at];
    if (this.#rows < 1 || first?.kind !== 'label') {
      this.#writer.label(text, line);
      return;
    }
    const speakers = [...(first.speakers ?? [first.text]), text.trim()];
    pieces[at] = { ...first, text: `${first.text}, ${text.trim()}`, speakers };
  }

  /** A paragraph of a scene outside of its table tells where one is. */
  #loose(text: string, line: number): void {
    this.#writer.direction(text, line);
  }
}
