import { parse } from 'csv-parse/sync';
import { DramatisError } from '../errors.ts';
import { isDirectionText } from './direction.ts';
import type { Piece } from './piece.ts';
import { PieceWriter } from './piece-writer.ts';

/** Column → the names it goes by, most telling first, in lower case and without spaces or marks. */
const columns = {
  speaker: ['player', 'speaker', 'character', 'charname', 'name', 'role', 'who'],
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
    'line',
  ],
  act: ['act', 'actnumber', 'actno', 'section'],
  scene: ['scene', 'scenenumber', 'sceneno', 'chapter'],
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
    const names = line.split(delimiter).map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
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
  const { delimiter, at } = header(firstLine(text))!;
  const rows = readRows(text, delimiter);
  const reader = new RowReader(at, options.title);
  for (const { record, line } of rows.slice(1)) reader.row(record, line);
  return reader.finish();
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
    return rows.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (cause) {
    throw new DramatisError('PLAY_UNREADABLE', `the table cannot be read: ${String(cause)}`, {
      cause,
    });
  }
}

class RowReader {
  readonly #at: Partial<Record<Column, number>>;
  readonly #writer = new PieceWriter();
  #play: string | undefined;
  readonly #wanted: string | undefined;
  #others = 0;
  #act = '';
  #scene = '';
  #speaker = '';
  #turn = '';

  constructor(at: Partial<Record<Column, number>>, title: string | undefined) {
    this.#at = at;
    this.#wanted = title?.toLowerCase();
  }

  row(record: readonly string[], line: number): void {
    const cell = (column: Column): string => (record[this.#at[column] ?? -1] ?? '').trim();
    const play = cell('play');
    if (play !== '' && !this.#isWanted(play, line)) return;
    const place = cell('place').split(/[.\s]+/);
    const [act, scene] =
      this.#at.place === undefined
        ? [cell('act'), cell('scene')]
        : [place[0] ?? '', place[1] ?? ''];
    const words = cell('words');
    if (this.#at.place === undefined || cell('place') !== '') this.#moveTo(act, scene, line);
    if (words === '') return;
    const placed = this.#at.place === undefined || cell('place') !== '';
    if (this.#at.place === undefined ? false : !placed) this.#unplaced(words, line);
    else if (
      /^(?:stage|direction|sd)/i.test(cell('kind')) ||
      cell('speaker') === '' ||
      isDirectionOf(cell('speaker'))
    )
      this.#stage(words, line);
    else this.#line(cell('speaker'), words, record, line);
  }

  finish(): Piece[] {
    if (this.#others > 0)
      this.#writer.simple('boilerplate', `${this.#others} rows of other plays left out`, 1);
    return this.#writer.pieces;
  }

  #isWanted(play: string, line: number): boolean {
    if (this.#play === undefined) {
      if (this.#wanted && !play.toLowerCase().includes(this.#wanted)) {
        this.#others++;
        return false;
      }
      this.#play = play;
      this.#writer.simple('title', play, line);
    }
    if (play === this.#play) return true;
    this.#others++;
    return false;
  }

  #moveTo(act: string, scene: string, line: number): void {
    if (act === '' || (act === this.#act && scene === this.#scene)) return;
    if (act !== this.#act) this.#open('act', act, line);
    if (scene !== '') this.#open('scene', scene, line);
    this.#act = act;
    this.#scene = scene;
  }

  #open(level: 'act' | 'scene', cell: string, line: number): void {
    this.#speaker = '';
    const last = this.#writer.pieces.at(-1);
    const pending = last?.kind === level || (last?.kind === 'scene' && level === 'act');
    if (pending) return; // A row with the printed heading has just opened it.
    if (!this.#writer.heading(cell, line)) {
      const number = Number(/\d+/.exec(cell)?.[0] ?? Number.NaN);
      this.#writer.numbered(level, '', line, Number.isNaN(number) ? undefined : number);
    }
  }

  /** A row that has no place: "ACT I", "SCENE I. …", or a direction, whatever its speaker cell says. */
  #unplaced(words: string, line: number): void {
    if (this.#writer.heading(words, line)) this.#speaker = '';
    else this.#stage(words, line);
  }

  #stage(words: string, line: number): void {
    this.#writer.direction(words, line);
  }

  #line(speaker: string, words: string, record: readonly string[], line: number): void {
    const turn = record[this.#at.turn ?? -1] ?? '';
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

const isDirectionOf = (speaker: string): boolean =>
  /^\[?(?:stage ?dir\w*|direction|sd|xxx|\(stage directions?\))\]?$/i.test(speaker);
