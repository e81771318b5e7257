import { type GrammarSyntax, parseGrammar } from '../engine/grammar-syntax.ts';
import { DramatisError } from '../errors.ts';
import { readBytes } from './read-bytes.ts';

/**
 * A grammar's file, read and checked; "-" is the standard input.
 *
 * @throws {DramatisError} FILE_MISSING; GRAMMAR_INVALID with the file, line, column and caret.
 */
export async function readGrammar(
  given: string,
): Promise<{ readonly text: string; readonly syntax: GrammarSyntax }> {
  // yargs hands a lone "-" on as an empty word.
  const path = given === '' ? '-' : given;
  const text = Buffer.from(await readBytes(path)).toString('utf8');
  try {
    return { text, syntax: parseGrammar(text) };
  } catch (cause) {
    if (!(cause instanceof DramatisError) || cause.code !== 'GRAMMAR_INVALID') throw cause;
    throw new DramatisError('GRAMMAR_INVALID', `${path}, ${cause.message}`, { cause });
  }
}
