import { isCollective, normalName } from '../cast/label.ts';
import { headingParts } from './heading.ts';
import { numeral } from './numeral.ts';
import type { HeadingPiece, LabelPiece, Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';
import { idsOf, TeiPersons } from './tei-persons.ts';
import { TeiText } from './tei-text.ts';
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
const lineElements = new Set(['l', 'p', 'ab', 'lg', 'head', 'trailer', 'item', 'row']);
/** Elements that part what is before them from what is in them. All others stand inside words and part nothing. */
const blocks = new Set(
  'sp spgrp speaker stage head trailer list item table row cell castlist castitem role roledesc castgroup titlepage docauthor doctitle titlepart front back body text teiheader standoff person persongrp persname listperson argument epigraph opener closer salute signed byline dateline figure set floatingtext'.split(
    ' ',
  ),
);
const isBlock = (name: string): boolean =>
  lineElements.has(name) || blocks.has(name) || /^div\d?$/.test(name);

/** Where text belongs that is in one of these, the innermost first. */
const places = new Set(
  'teiheader standoff stage speaker castitem castlist head sp body front back'.split(' '),
);

const address = /^(?:prologue|induction|epilogue|chorus)$/i;

interface Division {
  readonly at: number;
  readonly n: number | undefined;
  printed: boolean;
  /** What its printed heading calls it. */
  level?: HeadingPiece['kind'] | undefined;
  /** The number of the act that its printed heading begins with. */
  outer?: number | undefined;
  /** Acts and scenes are inside of it. */
  holds?: boolean;
  /** Whether the division is inside of an act. */
  readonly inAct: boolean;
}

class TeiReader implements XmlReader {
  readonly #writer = new PieceWriter();
  readonly #persons = new TeiPersons();
  readonly #text = new TeiText((words, line) => this.#writer.simple('boilerplate', words, line));
  readonly #open: XmlElement[] = [];
  #castEntry = '';
  #castLine = 1;
  /** The speech whose label is not written yet: its ids, and the labels printed. */
  #who: { ids: string[]; labels: string[]; stages: string[]; line: number } | undefined;
  #inSpeech = 0;
  #inStage = 0;
  /** Divisions that are acts and scenes, each with the heading written for it, which a printed one replaces. */
  readonly #divisions: Division[] = [];
  /** The divisions that are open: those that are acts or scenes as entries of the list above. */
  readonly #nested: (Division | undefined)[] = [];
  readonly #labels: { at: number; ids: string[] }[] = [];
  readonly #movements: { at: number; ids: string[] }[] = [];

  open(element: XmlElement, line: number): void {
    const { name, attributes } = element;
    if (this.#text.skips(element, line)) return;
    if (this.#parts(name)) this.#flush();
    this.#open.push(element);
    if (name === 'castitem') this.#castLine = line;
    else if (name === 'sp') {
      this.#inSpeech++;
      this.#who = { ids: idsOf(attributes.who), labels: [], stages: [], line };
    } else if (name === 'speaker') this.#who?.labels.push('');
    else if (name === 'stage') this.#inStage++;
    else if (name === 'lb' && attributes.break !== 'no') this.#lineBreak();
    else if (name === 'milestone' && attributes.unit === 'ftln') this.#lineBreak();
    else if (/^div\d?$/.test(name)) {
      this.#nested.push(undefined);
      this.#division(attributes, line);
    }
    this.#persons.open(element);
    this.#text.start(line);
  }

  close(element: XmlElement, line: number): void {
    if (this.#text.ends()) return;
    const { name } = element;
    if (this.#parts(name)) this.#flush(element);
    this.#open.pop();
    if (lineElements.has(name)) this.#writer.endLine();
    if (name === 'stage') this.#inStage--;
    else if (name === 'sp') {
      this.#label();
      this.#inSpeech--;
    } else if (/^div\d?$/.test(name)) this.#nested.pop();
    else if (name === 'castitem') {
      this.#writer.simple('cast', this.#castEntry, this.#castLine);
      this.#castEntry = '';
    }
    this.#text.start(line);
  }

  text(text: string, line: number): void {
    this.#text.add(text, line);
  }

  finish(): Piece[] {
    this.#flush();
    this.#label();
    this.#text.finish();
    const named = this.#named(this.#writer.pieces);
    return [...this.#persons.pieces(), ...this.#numbered(named)];
  }

  /** The element parts what is around it: inside a direction only the end of the direction does. */
  #parts(name: string): boolean {
    if (this.#inStage > 0) return name === 'stage' && this.#inStage === 1;
    // A name in a speech is a word of it; in the header it is an entry.
    if (this.#inSpeech > 0) return isBlock(name) && name !== 'persname';
    // Outside of speeches every element holds a text of its own, except those inside a line or a heading.
    return isBlock(name) || !this.#open.some((element) => lineElements.has(element.name));
  }

  /** In a division that is spoken to the audience. */
  #inAddress(): boolean {
    return this.#open.some(({ attributes }) => address.test(attributes.type ?? ''));
  }

  /** Inside of a direction or a label a line break is a blank. */
  #lineBreak(): void {
    if (this.#inStage > 0 || this.#open.some(({ name }) => name === 'speaker' || name === 'head')) {
      this.#text.add(' ', this.#text.line);
      return;
    }
    this.#flush();
    this.#writer.endLine();
  }

  /** A division is opened by its type; a printed heading takes the place of the empty one. */
  #division(attributes: Readonly<Record<string, string>>, line: number): void {
    const type = (attributes.type ?? '').toLowerCase();
    const n = attributes.n === undefined ? undefined : numeral(attributes.n);
    const open = (level: HeadingPiece['kind'], number?: number): void => {
      const { pieces } = this.#writer;
      const inAct = this.#nested.some((outer) => outer && pieces[outer.at]!.kind === 'act');
      const division: Division = { at: pieces.length, n: number ?? n, printed: false, inAct };
      if (/^(?:act|sc|sz)/.test(type))
        for (const outer of this.#nested) if (outer) outer.holds = true;
      this.#nested[this.#nested.length - 1] = division;
      this.#divisions.push(division);
      this.#writer.numbered(level, '', line, number, true);
    };
    if (/^(?:act|acte|akt|jornada|act_and_scene)$/.test(type)) open('act');
    else if (/^(?:scene|szene)$/.test(type)) open('scene');
    else if (/^(?:prologue|induction)$/.test(type)) open('scene', 0);
    else if (/^(?:epilogue|chorus)$/.test(type)) open('scene');
  }

  #label(): void {
    const who = this.#who;
    if (!who) return;
    this.#who = undefined;
    const labels = who.labels.map((label) => label.trim()).filter((label) => label !== '');
    const text = labels.join(', ');
    this.#writer.label(text, who.line, labels.length > 1 ? labels.map(normalName) : undefined);
    const [id] = who.ids;
    if (who.ids.length === 1 && text !== '') this.#persons.labelled(id!, text);
    if (who.ids.length > 0) this.#labels.push({ at: this.#writer.pieces.length - 1, ids: who.ids });
    for (const stage of who.stages) this.#writer.direction(stage, who.line, { inline: true });
  }

  #flush(closing?: XmlElement): void {
    const { text, line } = this.#text.take();
    if (text.trim() === '') return;
    const place = this.#open.findLast(({ name }) => places.has(name))?.name;
    if (place === 'teiheader' || place === 'standoff') this.#header(text, line);
    else if (this.#inStage > 0) this.#stage(text, line, closing);
    else if (place === 'speaker') this.#speaker(text, line);
    else if (place === 'castitem') this.#cast(text);
    else if (place === 'castlist') this.#writer.simple('cast', text, line);
    else if (place === 'head') this.#head(text, line);
    else if (place === 'sp') {
      this.#label();
      this.#writer.spoken(text, line);
    } else if (place === 'body' && this.#open.some(({ name }) => name === 'l' || name === 'p')) {
      // A prologue may be printed without its speaker; other words outside of speeches nobody speaks.
      if (this.#inAddress()) this.#writer.spoken(text, line);
      else this.#writer.direction(text, line);
    } else this.#writer.simple('boilerplate', text, line);
  }

  #speaker(text: string, line: number): void {
    const labels = this.#who?.labels;
    if (labels && labels.length > 0)
      labels[labels.length - 1] += ` ${text.replace(/\s+/g, ' ').trim()}`;
    else this.#writer.simple('boilerplate', text, line);
  }

  #header(text: string, line: number): void {
    const name = this.#open.at(-1)!.name;
    if (name === 'title' && this.#open.at(-2)?.name === 'titlestmt')
      this.#writer.simple('title', text, line);
    else this.#writer.simple('boilerplate', text, line);
    this.#persons.header(this.#open, text);
  }

  #cast(text: string): void {
    const { name, attributes } = this.#open.at(-1)!;
    const part = text.replace(/\s+/g, ' ').trim();
    const role = this.#open.findLast((element) => element.name === 'role');
    const id = role?.attributes['xml:id'] ?? role?.attributes.id;
    if (id && name === 'role') this.#persons.role(id, part);
    const separator =
      this.#castEntry === '' ? '' : name === 'roledesc' && attributes.n === undefined ? ', ' : ' ';
    this.#castEntry += separator + part;
  }

  #stage(text: string, line: number, closing?: XmlElement): void {
    if (this.#open.some(({ name }) => name === 'speaker')) {
      this.#who?.stages.push(text);
      return;
    }
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
    const at = this.#writer.pieces.length - 1;
    const division = this.#divisions.findLast((opened) => opened.at === at);
    const piece = this.#writer.pieces[at];
    const clean = text.replace(/\s+/g, ' ').trim();
    if (division && !division.printed && (piece?.kind === 'act' || piece?.kind === 'scene')) {
      division.printed = true;
      const parts = headingParts(clean);
      const own = parts.findLast(({ level }) => level === piece.kind);
      division.level = own && piece.kind === 'scene' ? 'scene' : parts[0]?.level;
      division.outer = parts[0]?.number;
      // The numeral of an act above a scene is not the scene's.
      const found = own ?? (piece.kind === 'act' ? parts[0] : undefined);
      const number =
        found?.number === undefined || piece.number === 0 ? {} : { number: found.number };
      this.#writer.pieces[at] = { ...piece, ...number, text: clean, line };
    } else if (division && piece && 'text' in piece)
      // A second heading of the same division goes on with the first.
      this.#writer.pieces[at] = { ...piece, text: `${piece.text} ${clean}` };
    else if (this.#inSpeech > 0) this.#writer.spoken(text, line);
    else if (!this.#opensPlay() || !this.#writer.heading(text, line))
      this.#writer.simple('boilerplate', text, line);
  }

  /** Headings of divisions that say nothing of what they are open acts; those of forewords and cast lists do not. */
  #opensPlay(): boolean {
    if (this.#open.some(({ name }) => name === 'front' || name === 'back')) return false;
    const division = this.#open.findLast(({ name }) => /^div\d?$/.test(name));
    return /^(?:|text|part|section|play|book|chapter|level.?|other)$/i.test(
      division?.attributes.type ?? '',
    );
  }

  /** What divisions count by `n` is believed where no printed numeral contradicts it. */
  #numbered(pieces: readonly Piece[]): Piece[] {
    const contradicted = new Set(
      this.#divisions
        .filter(({ at, n }) => {
          const { number } = pieces[at] as HeadingPiece;
          return number !== undefined && n !== undefined && n !== number;
        })
        .map(({ at }) => pieces[at]!.kind),
    );
    const divisions = new Map(this.#divisions.map((division) => [division.at, division]));
    const acts = this.#divisions.some(
      ({ at, level }) => level === 'act' && pieces[at]!.kind === 'act',
    );
    const again = repeated(pieces, divisions);
    const silent = silentActs(pieces);
    const unmarked = acts ? unmarkedActs(pieces, divisions) : new Map<number, number>();
    const place = (piece: HeadingPiece, at: number): HeadingPiece => {
      const { n, level, outer, holds } = divisions.get(at) ?? {};
      const own = unmarked.get(at);
      if (own !== undefined) return { ...piece, kind: 'act', number: own };
      if (again.has(at)) {
        const { division: _, number, ...bare } = piece;
        return holds ? { ...bare, number: number! } : { ...bare, kind: 'scene' };
      }
      // A scene that is headed "Act 4" and holds scenes is an act.
      if (holds && piece.kind === 'scene' && level === 'act')
        return { ...piece, kind: level, ...(outer !== undefined && { number: outer }) };
      // Among acts with headings of acts, one that is headed "Scene 4" is a scene.
      if (acts && piece.kind === 'act' && level === 'scene') return { ...piece, kind: level };
      const counts = n !== undefined && n > 0 && piece.number === undefined;
      return counts && !contradicted.has(piece.kind) ? { ...piece, number: n } : piece;
    };
    return pieces.flatMap((piece, at): Piece | Piece[] => {
      if (piece.kind !== 'act' && piece.kind !== 'scene') return piece;
      if (!silent.has(at)) return place(piece, at);
      return piece.text === '' ? [] : { ...piece, kind: 'scene', number: 0 };
    });
  }

  /** The pieces, with the ids of labels and movements turned into names. */
  #named(pieces: Piece[]): Piece[] {
    for (const { at, ids } of this.#labels) {
      const label = pieces[at] as LabelPiece;
      if (!isCollective(normalName(label.text)))
        pieces[at] = { ...label, speakers: ids.map((id) => this.#persons.nameOf(id)) };
    }
    for (const { at, ids } of this.#movements) {
      const piece = pieces[at]!;
      if (piece.kind !== 'direction') continue;
      const names = ids.map((id) => this.#persons.nameOf(id));
      pieces[at] = { ...piece, ...(piece.enters ? { enters: names } : { exits: names }) };
    }
    return pieces;
  }
}

/** Places of acts in which nobody speaks, before the first that prints a number: an empty division, a foreword. */
function silentActs(pieces: readonly Piece[]): ReadonlySet<number> {
  const found = new Set<number>();
  const first = pieces.findIndex(({ kind }) => kind === 'act' || kind === 'label');
  for (let at = first; at >= 0; ) {
    const piece = pieces[at]!;
    const next = pieces.findIndex(
      ({ kind }, i) => i > at && (kind === 'act' || kind === 'label' || kind === 'words'),
    );
    if (piece.kind !== 'act' || piece.number !== undefined || pieces[next]?.kind !== 'act') break;
    found.add(at);
    at = next;
  }
  return found;
}

/** Place → number of scenes between acts that are headed with the act after the last: they are that act. */
function unmarkedActs(
  pieces: readonly Piece[],
  divisions: ReadonlyMap<number, Division>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  let act = Number.NaN;
  for (const [at, { n, level, outer, inAct }] of divisions) {
    const { kind, number } = pieces[at] as HeadingPiece;
    if (kind === 'act') act = number ?? (n || (act || 0) + 1);
    else if (!inAct && level === 'act' && outer === act + 1) {
      act = outer;
      found.set(at, act);
    }
  }
  return found;
}

/** Places of acts that are the act before once more: "Act 1" printed above each of its scenes, in divisions of one number. */
function repeated(
  pieces: readonly Piece[],
  divisions: ReadonlyMap<number, Division>,
): ReadonlySet<number> {
  const found = new Set<number>();
  let last: { number?: number | undefined; n?: number | undefined } = {};
  for (const [at, { n }] of divisions) {
    const { kind, number } = pieces[at] as HeadingPiece;
    if (kind !== 'act') continue;
    if (number !== undefined && n !== undefined && number === last.number && n === last.n)
      found.add(at);
    last = { number, n };
  }
  return found;
}
