import { parse } from 'csv-parse/sync';
import { DramatisError } from '../../errors.ts';
import { isDirectionText } from '../direction.ts';
import { folded } from '../folded.ts';
import { headingParts } from './heading.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

/** Column → the names it goes by in English, German, French, Spanish, Italian and Russian, most telling first, in lower case and without spaces, marks or accents. */
const columns = {
  speaker: [
    'player',
    'speaker',
    'character',
    'charname',
    'sprecher',
    'figur',
    'rolle',
    'personnage',
    'locuteur',
    'personaje',
    'personaggio',
    'персонаж',
    'говорящии',
    'name',
    'nom',
    'nombre',
    'nome',
    'имя',
    'role',
    'who',
  ],
  words: [
    'playerline',
    'text',
    'plaintext',
    'dialogue',
    'dialog',
    'speech',
    'words',
    'content',
    'sentence',
    'rede',
    'texte',
    'replique',
    'texto',
    'dialogo',
    'testo',
    'battuta',
    'текст',
    'реплика',
    'слова',
    'line',
    'zeile',
  ],
  act: [
    'act',
    'actnumber',
    'actno',
    'akt',
    'aufzug',
    'acte',
    'acto',
    'atto',
    'деиствие',
    'акт',
    'section',
  ],
  scene: [
    'scene',
    'scenenumber',
    'sceneno',
    'szene',
    'auftritt',
    'escena',
    'scena',
    'явление',
    'сцена',
    'chapter',
  ],
  place: ['actsceneline', 'actscene', 'place', 'location'],
  play: ['play', 'playname', 'work', 'workid', 'title'],
  kind: ['type', 'kind', 'linetype'],
  turn: ['playerlinenumber', 'speechnumber', 'speechno', 'turn', 'utterance'],
} as const;
type Column = keyof typeof columns;

const delimiters = [',', '\t', ';', '|'];

/** The columns of a header line; undefined if it has none for speakers and words. */
function header(
  line: string,
): { delimiter: string; at: Partial<Record<Column, number>> } | undefined {
  for (const delimiter of delimiters) {
    const names = line.split(delimiter).map((name) =>
      folded(name)
        .toLowerCase()
        .replace(/[^\p{L}]/gu, ''),
    );
    const at: Partial<Record<Column, number>> = {};
    for (const [column, aliases] of Object.entries(columns) as [Column, readonly string[]][]) {
      const found = aliases.map((alias) => names.indexOf(alias)).find((index) => index >= 0);
      if (found !== undefined) at[column] = found;
    }
    if (at.speaker !== undefined && at.words !== undefined && at.speaker !== at.words)
      return { delimiter, at };
  }
  return undefined;
}

const firstLine = (text: string): string => text.slice(0, 2000).trimStart().split('\n', 1)[0]!;

/** True for a table with a header that names a column of speakers and one of lines. */
export function isCsv(text: string): boolean {
  return header(firstLine(text)) !== undefined;
}

/**
 * Cuts a table of lines into pieces, a row each. Rows of one speaker that follow each other are one
 * speech, unless a column says otherwise; rows without a place are directions and headings.
 *
 * @param options.title Of a table with several plays, which one; without it the first.
 */
export function csvPieces(text: string, options: { readonly title?: string }): Piece[] {
  const first = firstLine(text);
  const { delimiter, at } = header(first)!;
  const rows = readRows(text, delimiter).slice(1);
  const play = at.play === undefined ? undefined : wantedPlay(rows, at.play, options.title);
  const reader = new RowReader(at, first);
  let others = 0;
  for (const { record, line } of rows) {
    const of = record[at.play ?? -1]?.trim() ?? '';
    if (play === undefined || of === '' || of === play) reader.row(record, line);
    else others++;
  }
  return reader.finish(play, others);
}

/** The first play of a table whose name has the title in it, else the first. */
function wantedPlay(rows: readonly Row[], column: number, title = ''): string | undefined {
  const names = new Set(rows.map(({ record }) => record[column]?.trim() ?? '').filter(Boolean));
  const wanted = [...names].find((name) => name.toLowerCase().includes(title.toLowerCase()));
  return wanted ?? [...names][0];
}

interface Row {
  readonly record: readonly string[];
  readonly line: number;
}

function readRows(text: string, delimiter: string): Row[] {
  try {
    const rows = parse(text, {
      delimiter,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      info: true,
      max_record_size: 10_000_000,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    // A table of Markdown has a line of dashes below its header.
    return rows
      .filter(({ record }) => !record.every((cell) => /^[\s:-]*$/.test(cell)))
      .map(({ record, info }) => ({ record, line: info.lines }));
  } catch (cause) {
    throw new DramatisError('PLAY_UNREADABLE', `the table cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}

class RowReader {
  readonly #at: Partial<Record<Column, number>>;
  readonly #writer = new PieceWriter();
  #act = '';
  #scene = '';
  #speaker = '';
  #turn = '';
  /** Levels whose printed heading has come since the last row with a place. */
  readonly #announced = new Set<'act' | 'scene'>();

  constructor(at: Partial<Record<Column, number>>, header: string) {
    this.#at = at;
    this.#writer.simple('boilerplate', header, 1);
  }

  row(record: readonly string[], line: number): void {
    const cell = (column: Column): string => (record[this.#at[column] ?? -1] ?? '').trim();
    const words = cell('words');
    const place = cell('place');
    if (this.#at.place !== undefined && place === '') {
      if (words !== '') this.#unplaced(words, line);
      return;
    }
    const [act, scene] = place === '' ? [cell('act'), cell('scene')] : place.split(/[.\s]+/);
    this.#moveTo(act ?? '', scene ?? '', line);
    if (words === '') return;
    if (isDirection(cell('kind'), cell('speaker'))) this.#writer.direction(words, line);
    else this.#line(cell('speaker'), words, cell('turn'), line);
  }

  finish(title: string | undefined, others: number): Piece[] {
    const pieces = this.#writer.pieces;
    if (title !== undefined) pieces.unshift({ kind: 'title', text: title, line: 1 });
    if (others > 0) this.#writer.simple('boilerplate', `${others} rows of other plays left out`, 1);
    return pieces;
  }

  /** Opens the act and the scene of a row, unless rows with their printed headings have. */
  #moveTo(act: string, scene: string, line: number): void {
    if (act === '' || (act === this.#act && scene === this.#scene)) return;
    if (act !== this.#act && !this.#announced.has('act')) this.#open('act', act, line);
    if (scene !== '' && !this.#announced.has('scene')) this.#open('scene', scene, line);
    this.#announced.clear();
    this.#act = act;
    this.#scene = scene;
  }

  #open(level: 'act' | 'scene', cell: string, line: number): void {
    this.#speaker = '';
    if (this.#writer.heading(cell, line)) return;
    const number = Number(/\d+/.exec(cell)?.[0] ?? Number.NaN);
    this.#writer.numbered(level, '', line, Number.isNaN(number) ? undefined : number);
  }

  /** A row that has no place: "ACT I", "SCENE I. …", or a direction, whatever its speaker cell says. */
  #unplaced(words: string, line: number): void {
    if (this.#writer.heading(words, line)) {
      this.#speaker = '';
      for (const { level } of headingParts(words)) this.#announced.add(level);
    } else this.#writer.direction(words, line);
  }

  #line(speaker: string, words: string, turn: string, line: number): void {
    if (speaker !== this.#speaker || (turn !== '' && turn !== this.#turn)) {
      this.#writer.label(speaker, line);
      this.#speaker = speaker;
      this.#turn = turn;
    }
    for (const part of words.split('\n')) {
      this.#writer.endLine();
      if (isDirectionText(part) && part.length < 60 && !/[,!?]/.test(part))
        this.#writer.direction(part, line, { inline: true });
      else this.#writer.words(part, line);
    }
  }
}

/** A row that is a direction by its kind, by having no speaker, or by what stands in the speaker's place. */
const isDirection = (kind: string, speaker: string): boolean =>
  /^(?:stage|direction|sd)/i.test(kind) ||
  /^(?:|\[?\(?(?:stage ?dir\w*|directions?|sd|xxx)\)?\]?)$/i.test(speaker);
