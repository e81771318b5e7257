import { headingParts } from './heading.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { readXml, type XmlElement, type XmlReader } from './xml.ts';

/** Cuts PlayShakespeare.com's markup into pieces: play, act, scene, sp, speaker, l, stage/dir. */
export function playShakespearePieces(text: string): Piece[] {
  const reader = new PlayShakespeareReader();
  readXml(text, reader);
  return reader.finish();
}

/** True for a text whose outermost element is a play of speeches marked "sp". */
export function isPlayShakespeare(text: string): boolean {
  return (
    /^\s*(?:<[?!][^>]*>\s*)*<play\b/.test(text.slice(0, 20_000)) &&
    /<sp[\s>]/.test(text.slice(0, 200_000))
  );
}

/** Elements that stand inside a line and part nothing. */
const inline = new Set(['foreign', 'emph', 'i', 'b', 'recite', 'title', 'name', 'sup']);
const divisions = new Set(['act', 'scene', 'prologue', 'epilogue', 'induction', 'chorus']);

class PlayShakespeareReader implements XmlReader {
  readonly #writer = new PieceWriter();
  readonly #open: XmlElement[] = [];
  #text = '';
  #line = 1;
  #titled = false;
  #cast = '';
  #speakers: { label: string; long: string }[] = [];
  #speakersLine = 1;
  /** The heading written last is still the empty one of its division. */
  #heading: 'act' | 'scene' | undefined;

  open(element: XmlElement, line: number): void {
    const inLine = this.#open.some(({ name }) => name === 'l' || name === 'dir');
    if (!inLine || !inline.has(element.name)) this.#flush();
    this.#open.push(element);
    const { name, attributes } = element;
    if (divisions.has(name)) {
      this.#label();
      const level = name === 'act' ? 'act' : 'scene';
      const printed = Number(attributes.num);
      const number = name === 'prologue' || name === 'induction' ? 0 : printed || undefined;
      this.#writer.numbered(level, '', line, number, true);
      this.#heading = level;
    } else if (name === 'sp') this.#speakers = [];
    else if (name === 'l') this.#label();
    if (this.#text === '') this.#line = line;
  }

  close(element: XmlElement): void {
    const { name } = element;
    const inLine = this.#open.slice(0, -1).some((one) => one.name === 'l' || one.name === 'dir');
    if (!inLine || !inline.has(name)) this.#flush();
    this.#open.pop();
    if (name === 'l') this.#writer.endLine();
    else if (name === 'sp') this.#label();
    else if (name === 'castitem') {
      this.#writer.simple('cast', this.#cast, this.#line);
      this.#cast = '';
    }
  }

  text(text: string, line: number): void {
    if (this.#text.trim() === '') this.#line = line - text.trimStart().split('\n').length + 1;
    this.#text += text;
  }

  finish(): Piece[] {
    this.#flush();
    this.#label();
    return this.#writer.pieces;
  }

  /** Several speakers of one speech are each named in full. */
  #label(): void {
    const speakers = this.#speakers;
    if (speakers.length === 0) return;
    this.#speakers = [];
    this.#writer.label(
      speakers.map(({ label }) => label).join(', '),
      this.#speakersLine,
      speakers.map(({ label, long }) => long || label),
    );
  }

  #flush(): void {
    const text = this.#text;
    const line = this.#line;
    this.#text = '';
    if (text.trim() === '') return;
    const element = this.#open.findLast(({ name }) => !inline.has(name) || name === 'title');
    const name = element?.name ?? '';
    const inside = (wanted: string): boolean => this.#open.some((one) => one.name === wanted);
    if (name === 'speaker') {
      if (this.#speakers.length === 0) this.#speakersLine = line;
      this.#speakers.push({ label: text.trim(), long: element?.attributes.long ?? '' });
    } else if (inside('l')) this.#writer.spoken(text, line);
    else if (name === 'dir') {
      this.#label();
      this.#writer.direction(text, line, inside('sp') ? { inline: true } : {});
    } else if (name === 'acttitle' || name === 'scenetitle') this.#title(text, line);
    else if (inside('castitem')) this.#castItem(name, text, line);
    else if (name === 'title' && inside('titlestmt') && !this.#titled) {
      this.#titled = true;
      this.#writer.simple('title', text, line);
    } else this.#writer.simple('boilerplate', text, line);
  }

  /** The printed heading of the division just opened, in place of the empty one. */
  #title(text: string, line: number): void {
    const last = this.#writer.pieces.at(-1);
    if (!last || last.kind !== this.#heading || last.text !== '') {
      this.#writer.simple('boilerplate', text, line);
      return;
    }
    const clean = text.replace(/\s+/g, ' ').trim();
    const printed = headingParts(clean).find(({ level }) => level === last.kind)?.number;
    this.#writer.pieces[this.#writer.pieces.length - 1] = {
      ...last,
      text: clean,
      line,
      ...(printed !== undefined && { number: printed }),
    };
  }

  /** The first role is the person, what is said of it comes behind; other names they go by are no entry. */
  #castItem(name: string, text: string, line: number): void {
    const part = text.replace(/\s+/g, ' ').trim();
    const alias = this.#open.some((one) => one.name === 'persaliases');
    if (alias) this.#writer.simple('boilerplate', part, line);
    else this.#cast += this.#cast === '' ? part : `${name === 'roledesc' ? ', ' : ' '}${part}`;
  }
}
