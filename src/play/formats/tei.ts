import { isCollective, normalName } from '../cast/label.ts';
import { headingParts } from './heading.ts';
import { numeral } from './numeral.ts';
import type { LabelPiece, Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { readXml, type XmlElement, type XmlReader } from './xml.ts';

/** Cuts a TEI edition into pieces: div, sp, speaker, l, p, stage; `who` says who is meant. */
export function teiPieces(text: string): Piece[] {
  const reader = new TeiReader();
  readXml(text, reader);
  return reader.finish();
}

/** True for a text whose outermost element is TEI's, of any generation. */
export function isTei(text: string): boolean {
  return /<(?:\w+:)?TEI(?:\.2)?[\s>]/.test(text.slice(0, 20_000));
}

/** Elements whose end is the end of a printed line. */
const lineElements = new Set(['l', 'p', 'ab', 'lg', 'head', 'trailer']);
/** Elements inside a line that part no words from each other. */
const inlineElements = new Set(
  'w c pc seg hi q quote foreign emph name rs ref abbr expan choice corr reg add s'.split(' '),
);
/** Elements with words that are none of the play's. */
const asides = new Set(['note', 'fw', 'figdesc', 'figure', 'desc', 'gap', 'orig', 'sic', 'bibl']);

class TeiReader implements XmlReader {
  readonly #writer = new PieceWriter();
  readonly #open: XmlElement[] = [];
  #text = '';
  #textLine = 1;
  /** Id → name, of the persons that the header lists. */
  readonly #persons = new Map<string, string>();
  /** Id → the label of a speech that has no other id. */
  readonly #labels = new Map<string, string>();
  #personId = '';
  #castEntry = '';
  #castLine = 1;
  /** The `who` of a speech whose label is not written yet. */
  #who: { ids: string[]; label: string; line: number } | undefined;
  #inSpeech = 0;
  #inStage = 0;
  /** Labels, whose ids can be named only when all labels have been seen. */
  readonly #pending: { at: number; ids: string[] }[] = [];
  readonly #movements: { at: number; ids: string[] }[] = [];

  open(element: XmlElement, line: number): void {
    const { name, attributes } = element;
    if (!this.#isInline(name)) this.#flush();
    this.#open.push(element);
    if (name === 'person' || name === 'persongrp' || name === 'role')
      this.#personId = attributes['xml:id'] ?? attributes.id ?? this.#personId;
    else if (name === 'castitem') this.#castLine = line;
    else if (name === 'sp') {
      this.#inSpeech++;
      this.#who = { ids: idsOf(attributes.who), label: '', line };
    } else if (name === 'stage') this.#inStage++;
    else if (name === 'lb' || (name === 'milestone' && attributes.unit === 'ftln'))
      this.#writer.endLine();
    else if (/^div\d?$/.test(name)) this.#division(attributes, line);
    if (this.#text === '') this.#textLine = line;
  }

  close(element: XmlElement, line: number): void {
    const { name } = element;
    if (name === 'stage' ? this.#inStage === 1 : !this.#isInline(name)) this.#flush(element);
    this.#open.pop();
    if (lineElements.has(name)) this.#writer.endLine();
    if (name === 'stage') this.#inStage--;
    else if (name === 'sp') {
      this.#label();
      this.#inSpeech--;
    } else if (name === 'castitem') {
      this.#writer.simple('cast', this.#castEntry, this.#castLine);
      this.#castEntry = '';
    }
    this.#textLine = line;
  }

  /** Nothing ends with it: a word of a speech, or a direction inside a direction. */
  #isInline(name: string): boolean {
    if (this.#inStage > 0) return name === 'stage' || inlineElements.has(name);
    return this.#inSpeech > 0 && inlineElements.has(name);
  }

  text(text: string, line: number): void {
    if (this.#text === '') this.#textLine = Math.max(1, line - text.split('\n').length + 1);
    this.#text += text;
  }

  finish(): Piece[] {
    this.#flush();
    this.#label();
    return this.#named();
  }

  /** A division without a heading of its own is opened by its number. */
  #division(attributes: Readonly<Record<string, string>>, line: number): void {
    const type = (attributes.type ?? '').toLowerCase();
    const printed = attributes.n === undefined ? undefined : numeral(attributes.n);
    if (type === 'act') this.#writer.numbered('act', '', line, printed);
    else if (type === 'scene') this.#writer.numbered('scene', '', line, printed);
    else if (/^(?:prologue|induction)$/.test(type)) this.#writer.numbered('scene', '', line, 0);
    else if (/^(?:epilogue|chorus)$/.test(type)) this.#writer.numbered('scene', '', line);
  }

  #label(): void {
    const who = this.#who;
    if (!who) return;
    this.#who = undefined;
    this.#writer.label(who.label, who.line);
    if (who.ids.length === 1 && who.label && !this.#labels.has(who.ids[0]!))
      this.#labels.set(who.ids[0]!, normalName(who.label));
    this.#pending.push({ at: this.#writer.pieces.length - 1, ids: who.ids });
  }

  #flush(closing?: XmlElement): void {
    const text = this.#text;
    const line = this.#textLine;
    this.#text = '';
    if (text.trim() === '') return;
    const inside = (name: string): boolean => this.#open.some((element) => element.name === name);
    if (inside('teiheader') || inside('standoff')) this.#header(text, line);
    else if (this.#inStage > 0) this.#stage(text, line, closing);
    else if (this.#open.some(({ name }) => asides.has(name)))
      this.#writer.simple('boilerplate', text, line);
    else if (inside('speaker') && this.#who)
      this.#who.label += text.replace(/\s+/g, ' ').trimStart();
    else if (inside('castitem')) this.#cast(text);
    else if (inside('castlist')) this.#writer.simple('cast', text, line);
    else if (inside('head')) this.#head(text, line);
    else if (this.#inSpeech > 0) {
      this.#label();
      this.#writer.words(text, line);
    } else if (inside('body') && (inside('l') || inside('p'))) this.#writer.words(text, line);
    else this.#writer.simple('boilerplate', text, line);
  }

  #header(text: string, line: number): void {
    const name = this.#open.at(-1)!.name;
    if (name === 'title' && this.#open.at(-2)?.name === 'titlestmt')
      this.#writer.simple('title', text, line);
    else this.#writer.simple('boilerplate', text, line);
    // Groups are listed under their ids, some persons under what they do: neither is a name.
    if (name === 'persname' && !text.includes('_') && /^\s*\p{Lu}/u.test(text))
      this.#persons.set(this.#personId, normalName(text));
  }

  #cast(text: string): void {
    const { name, attributes } = this.#open.at(-1)!;
    const part = text.replace(/\s+/g, ' ').trim();
    const role = this.#open.findLast((element) => element.name === 'role');
    const id = role?.attributes['xml:id'] ?? role?.attributes.id;
    if (id && name === 'role') this.#persons.set(id, normalName(part.replace(/,$/, '')));
    const separator =
      this.#castEntry === '' ? '' : name === 'roledesc' && attributes.n === undefined ? ', ' : ' ';
    this.#castEntry += separator + part;
  }

  #stage(text: string, line: number, closing?: XmlElement): void {
    this.#label();
    const inline = this.#inSpeech > 0 ? { inline: true as const } : {};
    const { type = '', who } = closing?.attributes ?? {};
    const ids = idsOf(who);
    const kind = /^(?:entrance|enter)$/.test(type)
      ? 'enters'
      : /^exit$/.test(type)
        ? 'exits'
        : undefined;
    const before = this.#writer.pieces.length;
    this.#writer.direction(text, line, {
      ...inline,
      ...(kind && ids.length > 0 && { [kind]: [] }),
    });
    if (kind && ids.length > 0 && this.#writer.pieces.length > before)
      this.#movements.push({ at: this.#writer.pieces.length - 1, ids });
  }

  /** The printed heading of the division just opened, in place of the empty one. */
  #head(text: string, line: number): void {
    const last = this.#writer.pieces.at(-1);
    if ((last?.kind === 'act' || last?.kind === 'scene') && last.text === '')
      this.#writer.pieces[this.#writer.pieces.length - 1] = {
        ...last,
        text: text.replace(/\s+/g, ' ').trim(),
        line,
      };
    else if (headingParts(text).length > 0) this.#writer.heading(text, line);
    else if (this.#inSpeech > 0) this.#writer.words(text, line);
    else this.#writer.simple('boilerplate', text, line);
  }

  /** The pieces, with the ids of labels and movements turned into names. */
  #named(): Piece[] {
    const pieces = this.#writer.pieces;
    const nameOf = (id: string): string =>
      this.#persons.get(id) ?? this.#labels.get(id) ?? nameOfId(id);
    for (const { at, ids } of this.#pending) {
      const label = pieces[at] as LabelPiece;
      const names = ids.map(nameOf);
      if (names.length > 0 && !isCollective(normalName(label.text)))
        pieces[at] = { ...label, speakers: names };
    }
    for (const { at, ids } of this.#movements) {
      const piece = pieces[at]!;
      if (piece.kind !== 'direction') continue;
      const names = ids.map(nameOf);
      pieces[at] = { ...piece, ...(piece.enters ? { enters: names } : { exits: names }) };
    }
    return pieces;
  }
}

/** "FOLLOWERS.LAERTES_Ham" → "FOLLOWERS", "OldMan" → "OLD MAN": for those whom no label names. */
function nameOfId(id: string): string {
  return normalName(
    id
      .replace(/_\w+$/, '')
      .replace(/\..*$/, '')
      .replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
  );
}

/** "#a #b" → ["a", "b"]. */
function idsOf(who: string | undefined): string[] {
  return (who ?? '')
    .split(/\s+/)
    .map((id) => id.replace(/^#/, ''))
    .filter(Boolean);
}
