import { Parser } from 'htmlparser2';
import { DramatisError } from '../../errors.ts';
import { jointParts } from '../cast/label.ts';
import { plainTextPieces } from './gutenberg.ts';
import { headingParts } from './heading.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

/** Cuts MIT's HTML into pieces: anchors named speechN hold labels, anchors named a.s.l lines, italics directions. */
export function mitPieces(text: string): Piece[] {
  if (!/<a\s+name\s*=\s*["']?speech\d/i.test(text)) return plainTextPieces(htmlText(text));
  const reader = new MitReader();
  const depth = new Depth();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth.down();
        reader.open(name, attributes);
      },
      ontext: (part) => reader.text(part),
      onclosetag: (name) => {
        depth.up();
        reader.close(name);
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  // Fed line by line, so that every event knows its line.
  text.split('\n').forEach((line, i) => {
    reader.line = i + 1;
    parser.write(`${line}\n`);
  });
  parser.end();
  return reader.finish();
}

/** True for HTML of any kind. */
export function isHtml(text: string): boolean {
  return /<(?:!doctype\s+html|html|head|body|h[1-4]|blockquote)\b/i.test(text.slice(0, 20_000));
}

/** How deep elements may nest. The parser takes longer with every one left open; no edition comes near. */
const maxDepth = 2000;

/** Counts the elements that are open. */
class Depth {
  #open = 0;

  /** @throws {DramatisError} PLAY_UNREADABLE if they are too many. */
  down(): void {
    if (++this.#open > maxDepth)
      throw new DramatisError(
        'PLAY_UNREADABLE',
        `more than ${maxDepth} HTML elements are left open`,
      );
  }

  up(): void {
    this.#open--;
  }
}

class MitReader {
  line = 1;
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

  open(name: string, attributes: Record<string, string>): void {
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

  text(text: string): void {
    if (this.#text === '') this.#textLine = this.line;
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

/** The text of any other HTML, a printed line to a line. */
function htmlText(html: string): string {
  let text = '';
  let skipped = 0;
  const depth = new Depth();
  const parser = new Parser(
    {
      onopentag: (name) => {
        depth.down();
        if (name === 'script' || name === 'style') skipped++;
        else if (name === 'br') text += '\n';
        else if (/^(?:p|div|h[1-6]|blockquote|table|tr|ul|ol|li|hr|section)$/.test(name))
          text += '\n\n';
        else if (name === 'i' || name === 'em') text += '_';
      },
      ontext: (part) => {
        if (skipped === 0) text += part.replace(/\s+/g, ' ');
      },
      onclosetag: (name) => {
        depth.up();
        if (name === 'script' || name === 'style') skipped--;
        else if (name === 'i' || name === 'em') text += '_';
        else if (/^(?:p|div|h[1-6]|blockquote|table|li)$/.test(name)) text += '\n\n';
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  parser.write(html);
  parser.end();
  return text.replace(/ *\n */g, '\n');
}
