import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { readXml, type XmlElement, type XmlReader } from './xml.ts';

/** Cuts Jon Bosak's markup into pieces: PLAY, ACT, SCENE, SPEECH, SPEAKER, LINE, STAGEDIR. */
export function bosakPieces(text: string): Piece[] {
  const reader = new BosakReader();
  readXml(text, reader);
  return reader.finish();
}

/** True for a text whose outermost element is Bosak's PLAY. */
export function isBosak(text: string): boolean {
  return (
    /^\s*(?:<[?!][^>]*>\s*)*<PLAY\b/i.test(text.slice(0, 20_000)) ||
    /<SPEECH>\s*<SPEAKER>/.test(text.slice(0, 200_000))
  );
}

const divisions = new Set(['act', 'scene', 'prologue', 'epilogue', 'induct']);

class BosakReader implements XmlReader {
  readonly #writer = new PieceWriter();
  readonly #open: string[] = [];
  #text = '';
  #textLine = 1;
  #speakers: string[] = [];
  #speakersLine = 1;

  open({ name }: XmlElement, line: number): void {
    this.#flush();
    this.#open.push(name);
    if (name === 'speech') this.#speakers = [];
    if (name === 'line') this.#label();
    this.#textLine = line;
  }

  close({ name }: XmlElement): void {
    this.#flush();
    this.#open.pop();
    if (name === 'line') this.#writer.endLine();
    if (name === 'speech') this.#label();
  }

  text(text: string, line: number): void {
    if (this.#text === '') this.#textLine = line - text.split('\n').length + 1;
    this.#text += text;
  }

  finish(): Piece[] {
    this.#flush();
    this.#label();
    return this.#writer.pieces;
  }

  /** Two SPEAKER elements are one joint speech. */
  #label(): void {
    const speakers = this.#speakers;
    if (speakers.length === 0) return;
    this.#speakers = [];
    const joint = speakers.length > 1 ? speakers : undefined;
    this.#writer.label(speakers.join(', '), this.#speakersLine, joint);
  }

  #flush(): void {
    const text = this.#text;
    const line = this.#textLine;
    this.#text = '';
    if (text.trim() === '') return;
    const [name = '', parent = ''] = [this.#open.at(-1), this.#open.at(-2)];
    if (name === 'speaker') {
      if (this.#speakers.length === 0) this.#speakersLine = line;
      this.#speakers.push(text.trim());
    } else if (name === 'line') this.#writer.words(text, line);
    else if (name === 'stagedir') {
      this.#label();
      this.#writer.direction(
        text,
        line,
        parent === 'line' || parent === 'speech' ? { inline: true } : {},
      );
    } else this.#heading(name, parent, text, line);
  }

  #heading(name: string, parent: string, text: string, line: number): void {
    if (name === 'title' && parent === 'play') this.#writer.simple('title', text, line);
    else if (name === 'title' && divisions.has(parent)) {
      if (!this.#writer.heading(text, line))
        this.#writer.numbered(
          parent === 'act' || parent === 'induct' ? 'act' : 'scene',
          text,
          line,
        );
    } else if (name === 'persona' || name === 'grpdescr') this.#writer.simple('cast', text, line);
    else this.#writer.simple('boilerplate', text, line);
  }
}
