import { jointParts } from '../cast/label.ts';
import { plainTextPieces } from './gutenberg.ts';
import { headingParts } from './heading.ts';
import { type HtmlReader, readHtml } from './html.ts';
import { htmlText } from './html-text.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

/** Cuts MIT's HTML into pieces: anchors named speechN hold labels, anchors named a.s.l lines, italics directions. */
export function mitPieces(text: string): Piece[] {
  if (!/<a\s+name\s*=\s*["']?speech\d/i.test(text)) {
    const plain = htmlText(text);
    return plainTextPieces(plain.text, plain.names);
  }
  const reader = new MitReader();
  readHtml(text, reader);
  return reader.finish();
}

/** True for HTML of any kind. */
export function isHtml(text: string): boolean {
  if (/^\s*<(?:p|div|table|dl|ul|ol|section|article|span|b|strong)(?:\s[^<>]*)?>/i.test(text))
    return true;
  return /<(?:!doctype\s+html|html|head|body|h[1-4]|blockquote)\b/i.test(text.slice(0, 20_000));
}

class MitReader implements HtmlReader {
  readonly #writer = new PieceWriter();
  #text = '';
  #textLine = 1;
  #anchor: 'speech' | 'line' | undefined;
  #heading = false;
  #italic = false;
  #skip = 0;
  #titleCell = false;
  #labels: string[] = [];
  #labelLine = 1;
  #inBody = false;
  /** Inside an indented block that holds a speech. */
  #inBlock = false;

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'title' || name === 'script' || name === 'style') this.#skip++;
    if (name === 'i' || name === 'em') {
      this.#flush();
      this.#italic = true;
    } else if (/^h[1-6]$/.test(name)) {
      this.#flush();
      this.#heading = true;
    } else if (name === 'td') {
      this.#flush();
      this.#titleCell = attributes.class === 'play';
    } else if (name === 'a') {
      this.#flush();
      const target = attributes.name ?? attributes.id ?? '';
      this.#anchor = /^speech\d/i.test(target)
        ? 'speech'
        : /^\d+(?:\.\d+)*$/.test(target)
          ? 'line'
          : undefined;
      if (this.#anchor === 'line') this.#writer.endLine();
    } else if (name === 'br' || name === 'p' || name === 'blockquote') this.#flush();
  }

  close(name: string): void {
    this.#flush();
    if (name === 'title' || name === 'script' || name === 'style')
      this.#skip = Math.max(0, this.#skip - 1);
    else if (name === 'i' || name === 'em') this.#italic = false;
    else if (/^h[1-6]$/.test(name)) this.#heading = false;
    else if (name === 'a') this.#anchor = undefined;
    else if (name === 'blockquote') {
      this.#label();
      this.#inBlock = false;
    }
  }

  text(text: string, line: number): void {
    if (this.#text === '') this.#textLine = line;
    this.#text += text;
  }

  finish(): Piece[] {
    this.#flush();
    this.#label();
    return this.#writer.pieces;
  }

  #flush(): void {
    const text = this.#text;
    this.#text = '';
    if (text.trim() === '') return;
    const line = this.#textLine;
    if (this.#skip > 0) this.#writer.simple('boilerplate', text, line);
    else if (this.#heading && headingParts(text).length > 0) {
      this.#label();
      this.#inBody = this.#writer.heading(text, line);
    } else if (this.#titleCell) {
      this.#titleCell = false;
      this.#writer.simple('title', text, line);
    } else if (this.#anchor === 'speech') {
      // Two labels in a row are one joint speech.
      if (this.#labels.length === 0) this.#labelLine = line;
      this.#labels.push(text.trim());
      this.#inBlock = true;
    } else if (this.#anchor === 'line') {
      this.#label();
      this.#writer.words(text, line);
    } else if (this.#inBody && this.#italic) {
      this.#label();
      this.#writer.direction(text, line);
    } else if (this.#inBody && this.#inBlock) {
      this.#label();
      this.#writer.words(text, line);
    } else this.#writer.simple('boilerplate', text, line);
  }

  #label(): void {
    const labels = this.#labels;
    if (labels.length === 0) return;
    this.#labels = [];
    this.#writer.label(
      labels.join(', '),
      this.#labelLine,
      labels.length > 1 ? labels.flatMap(jointParts) : undefined,
    );
  }
}
