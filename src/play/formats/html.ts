import { Parser } from 'htmlparser2';
import { DramatisError } from '../../errors.ts';

/** What a format does with the events of an HTML text, in document order; lines are 1-based. */
export interface HtmlReader {
  open(name: string, attributes: Readonly<Record<string, string>>, line: number): void;
  close(name: string, line: number): void;
  text(text: string, line: number): void;
}

/** How deep elements may nest. The parser takes longer with every one left open; no edition comes near. */
const maxDepth = 2000;

/**
 * Reads an HTML text to its end, whatever is wrong with it.
 *
 * @throws {DramatisError} PLAY_UNREADABLE if too many elements are left open.
 */
export function readHtml(html: string, reader: HtmlReader): void {
  let depth = 0;
  let line = 1;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (++depth > maxDepth)
          throw new DramatisError(
            'PLAY_UNREADABLE',
            `more than ${maxDepth} HTML elements are left open`,
          );
        reader.open(name, attributes, line);
      },
      ontext: (part) => reader.text(part, line),
      onclosetag: (name) => {
        depth--;
        reader.close(name, line);
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  // Fed line by line, so that every event knows its line.
  for (const part of html.split('\n')) {
    parser.write(`${part}\n`);
    line++;
  }
  parser.end();
}
