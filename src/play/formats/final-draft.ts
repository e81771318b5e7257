import { headingParts } from './heading.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { readXml, type XmlElement, type XmlReader } from './xml.ts';

/** Cuts a Final Draft screenplay into pieces, by the type of each paragraph. */
export function finalDraftPieces(text: string): Piece[] {
  const reader = new FinalDraftReader();
  readXml(text, reader);
  return reader.finish();
}

/** True for the XML that Final Draft writes. */
export function isFinalDraft(text: string): boolean {
  return /<FinalDraft\b/.test(text.slice(0, 5000));
}

class FinalDraftReader implements XmlReader {
  readonly #writer = new PieceWriter();
  /** Types of the paragraphs that are open; a dual dialogue holds others. */
  readonly #types: string[] = [];
  #inContent = 0;
  #inText = 0;
  #text = '';
  #line = 1;
  #titled = false;
  #inTitlePage = false;

  open({ name, attributes }: XmlElement, line: number): void {
    if (name === 'content') this.#inContent++;
    else if (name === 'titlepage') this.#inTitlePage = true;
    else if (name === 'text') this.#inText++;
    else if (name === 'paragraph') {
      this.#flush();
      this.#types.push((attributes.Type ?? '').toLowerCase());
    }
    if (this.#text === '') this.#line = line;
  }

  close({ name }: XmlElement): void {
    if (name === 'paragraph') {
      this.#flush();
      this.#types.pop();
    } else if (name === 'text') this.#inText--;
    else if (name === 'content') this.#inContent--;
    else if (name === 'titlepage') this.#inTitlePage = false;
  }

  text(text: string, line: number): void {
    if (this.#inText > 0 && this.#inContent > 0) this.#text += text;
    else this.#writer.simple('boilerplate', text, line);
  }

  finish(): Piece[] {
    this.#flush();
    return this.#writer.pieces;
  }

  #flush(): void {
    const text = this.#text.trim();
    const line = this.#line;
    this.#text = '';
    if (text === '') return;
    if (this.#inTitlePage) {
      this.#writer.simple(this.#titled ? 'boilerplate' : 'title', text, line);
      this.#titled = true;
      return;
    }
    const type = this.#types.at(-1) ?? '';
    if (type === 'scene heading') this.#writer.numbered('scene', text, line);
    else if (type === 'new act') this.#act(text, line);
    else if (type === 'character') this.#label(text, line);
    else if (type === 'dialogue' || type === 'singing' || type === 'lyrics') {
      for (const part of text.split('\n')) {
        this.#writer.endLine();
        this.#writer.spoken(part, line);
      }
    } else if (type === 'parenthetical') this.#writer.direction(text, line, { inline: true });
    else if (type === 'end of act') this.#writer.simple('boilerplate', text, line);
    else this.#writer.direction(text, line);
  }

  #act(text: string, line: number): void {
    const number = headingParts(text).find(({ level }) => level === 'act')?.number;
    this.#writer.numbered('act', text, line, number);
  }

  #label(text: string, line: number): void {
    this.#writer.label(text.replace(/\s*\([^)]*\)/g, ''), line);
    for (const [, how] of text.matchAll(/\(([^)]*)\)/g)) {
      // Said of the page, not of the voice.
      if (/^cont(?:['’]?d|inued|\.)?$/i.test(how!)) this.#writer.simple('boilerplate', how!, line);
      else this.#writer.direction(how!, line, { inline: true });
    }
  }
}
