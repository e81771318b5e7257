import { StringDecoder } from 'node:string_decoder';
import { DramatisError } from '../../errors.ts';
import { mostInputBytes } from '../../store/read-file-bytes.ts';

/** Characters of a line that is kept; of a longer one the rest is dropped while it comes. */
const mostCharacters = 1 << 20;

/** One line of a stream, without its end. */
export interface InputLine {
  readonly text: string;
  /** Whether there was more of it than is kept. */
  readonly isCut: boolean;
}

/**
 * The lines of a stream. A line without an end takes no more memory than the longest that is kept.
 *
 * @throws {DramatisError} FILE_MISSING for a line that has not ended after 100 MB: it never will.
 */
export async function* inputLines(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<InputLine, void> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let isCut = false;
  let hasMore = false;
  let length = 0;
  for await (const chunk of chunks) {
    const decoded = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    for (let at = 0; at < decoded.length; ) {
      const end = decoded.indexOf('\n', at);
      const part = decoded.slice(at, end < 0 ? decoded.length : end);
      isCut ||= text.length + part.length > mostCharacters;
      text += part.slice(0, mostCharacters - text.length);
      length += part.length;
      if (length > mostInputBytes) throw endless();
      hasMore = end < 0;
      at += part.length + 1;
      if (end < 0) break;
      yield { text: text.replace(/\r$/, ''), isCut };
      text = '';
      isCut = false;
      length = 0;
    }
  }
  if (hasMore) yield { text: text.replace(/\r$/, ''), isCut };
}

const endless = (): DramatisError =>
  new DramatisError('FILE_MISSING', 'cannot read standard input: a line has more than 100 MB', {
    remedy: 'Give what you say as lines of text.',
  });
