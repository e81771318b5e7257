import type { PlayFormat } from '../play.ts';
import { bosakPieces, isBosak } from './bosak-xml.ts';
import { csvPieces, isCsv } from './csv.ts';
import { epubPieces, isEpubHtml } from './epub-html.ts';
import { finalDraftPieces, isFinalDraft } from './final-draft.ts';
import { fountainPieces, isFountain } from './fountain.ts';
import { plainTextPieces } from './gutenberg.ts';
import { isMarkdown, markdownPieces } from './markdown.ts';
import { isHtml, mitPieces } from './mit-html.ts';
import type { Piece } from './piece.ts';
import { isPlayShakespeare, playShakespearePieces } from './playshakespeare-xml.ts';
import { isTei, teiPieces } from './tei.ts';
import { isWikitext, wikitextPieces } from './wikitext.ts';

/** One way a play is written down. */
interface Format {
  readonly name: PlayFormat;
  /** Told by content alone, in time that does not grow beyond the first few hundred kilobytes. */
  readonly fits: (text: string) => boolean;
  readonly pieces: (text: string, options: { readonly title?: string }) => Piece[];
}

/** Every format, in the order they are tried; plain text is what is left. */
const formats: readonly Format[] = [
  { name: 'tei', fits: isTei, pieces: teiPieces },
  { name: 'playshakespeare-xml', fits: isPlayShakespeare, pieces: playShakespearePieces },
  { name: 'final-draft', fits: isFinalDraft, pieces: finalDraftPieces },
  { name: 'bosak-xml', fits: isBosak, pieces: bosakPieces },
  { name: 'epub-html', fits: isEpubHtml, pieces: epubPieces },
  { name: 'mit-html', fits: isHtml, pieces: mitPieces },
  { name: 'csv', fits: isCsv, pieces: csvPieces },
  { name: 'wikitext', fits: isWikitext, pieces: wikitextPieces },
  { name: 'fountain', fits: isFountain, pieces: fountainPieces },
  { name: 'markdown', fits: isMarkdown, pieces: markdownPieces },
  { name: 'gutenberg', fits: () => true, pieces: (text) => plainTextPieces(text) },
];

/** The format of a text, detected from its content. */
export function detectFormat(text: string): Format {
  return formats.find(({ fits }) => fits(text))!;
}
