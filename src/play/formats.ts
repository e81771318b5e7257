import { plainTextPieces } from './gutenberg.ts';
import { isMarkdown, markdownPieces } from './markdown.ts';
import type { ParseOptions } from './parse.ts';
import type { Piece } from './piece.ts';
import type { PlayFormat } from './play.ts';

/** Every format, and what cuts a text in it into pieces. */
export const formats: Record<PlayFormat, (text: string, options: ParseOptions) => Piece[]> = {
  markdown: markdownPieces,
  gutenberg: plainTextPieces,
  'bosak-xml': plainTextPieces,
  'mit-html': plainTextPieces,
  tei: plainTextPieces,
  csv: plainTextPieces,
};

/** The format of a text, told by its content alone; plain text if it is no other. */
export function detectFormat(text: string): PlayFormat {
  if (isMarkdown(text)) return 'markdown';
  return 'gutenberg';
}
