import { type Brackets, bracketParts } from './brackets.ts';
import { headingParts } from './heading.ts';
import type { DirectionPiece, HeadingPiece, LabelPiece, Piece } from './piece.ts';

type SimpleKind = 'title' | 'cast' | 'boilerplate';

/** Collects pieces in order; knows which words stand on one printed line. */
export class PieceWriter {
  readonly pieces: Piece[] = [];
  /** Words of the current printed line have been written. */
  #inLine = false;

  simple(kind: SimpleKind, text: string, line: number): void {
    const clean = tidy(text);
    if (clean) this.pieces.push({ kind, text: clean, line });
  }

  /** The act and scene that a heading names; false, writing nothing, if it names neither. */
  heading(text: string, line: number): boolean {
    const parts = headingParts(tidy(text));
    for (const { level, text: part, number } of parts) this.numbered(level, part, line, number);
    return parts.length > 0;
  }

  /** A heading; a `division` of the markup's own goes on with nothing before it. */
  numbered(
    kind: HeadingPiece['kind'],
    text: string,
    line: number,
    number?: number,
    division = false,
  ): void {
    this.endLine();
    this.pieces.push({
      kind,
      text: tidy(text),
      line,
      ...(number !== undefined && { number }),
      ...(division && { division }),
    });
  }

  label(text: string, line: number, speakers?: LabelPiece['speakers']): void {
    this.endLine();
    this.pieces.push({ kind: 'label', text: tidy(text), line, ...(speakers && { speakers }) });
  }

  /** Words of the current line, with any bracketed directions cut out of them. */
  words(text: string, line: number, brackets: Brackets = 'square'): void {
    for (const part of bracketParts(tidy(text), brackets)) {
      if (part.direction) this.direction(part.text, line, { inline: true });
      else this.spoken(part.text, line);
    }
  }

  /** Words of the current line that are all spoken, brackets and all. */
  spoken(text: string, line: number): void {
    const clean = tidy(text);
    if (!/[\p{L}\p{N}\p{P}]/u.test(clean)) return;
    this.pieces.push({ kind: 'words', text: clean, line, ...(this.#inLine && { joins: true }) });
    this.#inLine = true;
  }

  /** More words of the line written last. */
  append(text: string): void {
    const last = this.pieces.at(-1);
    if (last?.kind === 'words')
      this.pieces[this.pieces.length - 1] = { ...last, text: `${last.text} ${tidy(text)}` };
    else this.pieces.push({ kind: 'words', text: tidy(text), line: last?.line ?? 1 });
  }

  direction(
    text: string,
    line: number,
    more: Pick<DirectionPiece, 'inline' | 'enters' | 'exits'> = {},
  ): void {
    const clean = tidy(text).replace(/^[\s,[(*]+|[\s\])*]+$/g, '');
    if (clean) this.pieces.push({ kind: 'direction', text: clean, line, ...more });
  }

  endLine(): void {
    this.#inLine = false;
  }
}

const tidy = (text: string): string => text.replace(/\s+/g, ' ').trim();
