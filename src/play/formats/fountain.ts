import { headingParts } from './heading.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

const sceneHeading =
  /^(?:\d+[A-Z]?\.?\s+)?(?:INT|EXT|EST|INT\.?\s?\/\s?EXT|EXT\.?\s?\/\s?INT|I\.?\/E|INNEN|AUSSEN|AUßEN)[.\s](?=\S|\s)/i;
const forcedHeading = /^\.(?=[^.\s])/;
const titleKey = /^([A-Za-z][A-Za-z ]{2,20}):\s*(.*)$/;
const titleKeys =
  /^(?:title|credit|authors?|source|notes|draft date|date|contact|copyright|revision|episode|based on|format)$/i;
/** "MARA (V.O.) (CONT'D)", "12 ANGRY MAN ^": capitals, perhaps with a bracket behind. */
const cue = /^(?=.*\p{Lu})[^\p{Ll}]*?((?:\s*\([^)]*\))*)\s*\^?$/u;
const transition =
  /^(?:[^\p{Ll}]*\bTO:|(?:FADE (?:IN|OUT|TO BLACK)|CUT TO BLACK|DISSOLVE|SMASH CUT|INTERCUT)[^\p{Ll}]*)$/u;
/** What a program prints at the end and the start of every page. */
const pageMark = /^(?:\(?(?:MORE|CONTINUED)\)?:?|CONTINUED:.*|\d{1,3}\.)$/;

/** True for a screenplay: scene headings of its kind, "INT. OFFICE - NIGHT", or the title page of Fountain. */
export function isFountain(text: string): boolean {
  const lines = text.split('\n', 3000).map((line) => line.trim());
  const scenes = lines.filter(
    (line, i) => sceneHeading.test(line) && /\p{Lu}{3}/u.test(line) && !lines[i - 1],
  );
  if (scenes.length > 0) return true;
  const keys = lines.slice(0, 20).map((line) => titleKey.exec(line)?.[1]?.toLowerCase());
  return (
    titleKey.test(lines.find(Boolean) ?? '') &&
    (keys.includes('credit') || keys.includes('draft date'))
  );
}

/**
 * Cuts a screenplay into pieces: Fountain, or a screenplay indented as on paper. A scene has the number of its order;
 * sections that are called acts are acts.
 *
 * @see https://fountain.io/syntax
 */
export function fountainPieces(text: string): Piece[] {
  return new FountainReader(text.split('\n')).read();
}

class FountainReader {
  readonly #lines: readonly string[];
  readonly #writer = new PieceWriter();
  #at = 0;
  /** A name stands above: what comes is spoken until an empty line. */
  #inDialogue = false;
  /** The bracket that words which are none of the play's stand in: of a note, or of what was cut. */
  #inside: ']]' | '*/' | undefined;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
  }

  read(): Piece[] {
    this.#titlePage();
    for (; this.#at < this.#lines.length; this.#at++) this.#line(this.#lines[this.#at]!);
    return this.#writer.pieces;
  }

  /** "Title: …" and other keys, with lines that go on with them, up to the first empty line. */
  #titlePage(): void {
    while (this.#lines[this.#at]?.trim() === '') this.#at++;
    if (!titleKeys.test(titleKey.exec(this.#lines[this.#at]?.trim() ?? '')?.[1] ?? '')) return;
    for (; (this.#lines[this.#at] ?? '').trim() !== ''; this.#at++) {
      const line = this.#lines[this.#at]!.trim();
      const [, key = '', value = ''] = titleKey.exec(line) ?? [];
      if (/^title$/i.test(key)) {
        this.#aside(key);
        const below = value === '' ? (this.#lines[this.#at + 1] ?? '').trim() : value;
        if (value === '') this.#at++;
        this.#writer.simple('title', plain(below), this.#at + 1);
      } else this.#aside(line);
    }
  }

  #line(raw: string): void {
    const text = this.#withoutNotes(raw);
    if (text === undefined) return;
    // Two blanks are an empty line that ends no speech.
    if (text.trim() === '') {
      this.#inDialogue &&= text.length >= 2;
      return;
    }
    const line = text.trim();
    if (this.#inDialogue) this.#dialogue(line);
    else if (/^={3,}$/.test(line)) return;
    else if (pageMark.test(line)) this.#aside(line);
    else if (/^#{1,6}\s*/.test(line)) this.#section(line.replace(/^#+\s*/, ''));
    else if (/^=(?!=)/.test(line)) this.#aside(line.slice(1));
    else if (/^>.*<$/.test(line)) this.#writer.direction(plain(line.slice(1, -1)), this.#at + 1);
    else if (line.startsWith('>') || line.startsWith('!'))
      this.#writer.direction(plain(line.slice(1)), this.#at + 1);
    else if (this.#isHeading(line))
      this.#writer.numbered(
        'scene',
        plain(line.replace(forcedHeading, '').replace(/#([^#]*)#$/, '$1')),
        this.#at + 1,
      );
    else if (this.#isCue(line)) this.#label(line);
    else this.#writer.direction(plain(line.replace(/^~/, '')), this.#at + 1);
  }

  /** What stands in [[ ]] and in slashes with stars is written beside the play; undefined if nothing is left. */
  #withoutNotes(raw: string): string | undefined {
    let text = raw;
    let kept = '';
    let noted = false;
    while (text !== '') {
      const end: ']]' | '*/' | undefined = this.#inside;
      const at = end ? text.indexOf(end) : text.search(/\[\[|\/\*/);
      if (at < 0) {
        if (end) this.#aside(text);
        else kept += text;
        break;
      }
      noted = true;
      if (end) this.#aside(text.slice(0, at));
      else kept += text.slice(0, at);
      this.#inside = end ? undefined : text.startsWith('[[', at) ? ']]' : '*/';
      text = text.slice(at + 2);
    }
    return (noted || this.#inside) && kept.trim() === '' ? undefined : kept;
  }

  #isApart(): boolean {
    return (this.#lines[this.#at - 1] ?? '').trim() === '' || this.#at === 0;
  }

  #isHeading(line: string): boolean {
    return forcedHeading.test(line) || (this.#isApart() && sceneHeading.test(line));
  }

  #isCue(line: string): boolean {
    const spoken = (this.#lines[this.#at + 1] ?? '').trim() !== '';
    if (line.startsWith('@')) return spoken;
    return (
      spoken &&
      this.#isApart() &&
      cue.test(line) &&
      !transition.test(line) &&
      /\p{Lu}{2}|^\p{Lu}$/u.test(line)
    );
  }

  #label(line: string): void {
    const bare = line.replace(/^@/, '').replace(/\s*\^$/, '');
    const name = bare.replace(/\s*\([^)]*\)/g, '').trim();
    this.#writer.label(plain(name), this.#at + 1);
    for (const [, how] of bare.matchAll(/\(([^)]*)\)/g)) {
      // Said of the page, not of the voice.
      if (/^cont(?:['’]?d|inued|\.)?$/i.test(how!)) this.#aside(how!);
      else this.#writer.direction(how!, this.#at + 1, { inline: true });
    }
    this.#inDialogue = true;
  }

  #dialogue(line: string): void {
    if (pageMark.test(line)) this.#aside(line);
    else if (transition.test(line) && !/\p{Ll}/u.test(line)) this.#transition(line);
    else if (/^\(.*\)$/.test(line))
      this.#writer.direction(plain(line), this.#at + 1, { inline: true });
    else {
      this.#writer.endLine();
      this.#writer.spoken(plain(line.replace(/^~\s*/, '')), this.#at + 1);
    }
  }

  /** "CUT TO:" at the right of the page, right below what is said. */
  #transition(line: string): void {
    this.#inDialogue = false;
    this.#writer.direction(line, this.#at + 1);
  }

  #section(text: string): void {
    const [part] = headingParts(text);
    if (part?.level === 'act') this.#writer.numbered('act', text, this.#at + 1, part.number);
    else this.#aside(text);
  }

  #aside(text: string): void {
    this.#writer.simple('boilerplate', text, this.#at + 1);
  }
}

/** Fountain's marks of emphasis taken off. */
function plain(text: string): string {
  return text.replace(/\\([*_])|\*{1,3}|_/g, (_, escaped: string | undefined) => escaped ?? '');
}
