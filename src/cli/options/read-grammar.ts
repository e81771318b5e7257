import {
  type GrammarSyntax,
  grammarOfJsonSchema,
  parseGrammar,
} from '../../engine/grammar-syntax.ts';
import { DramatisError } from '../../errors.ts';
import { readBytes } from '../read-bytes.ts';

/**
 * A grammar's file, read and checked; "-" is the standard input. A JSON Schema, which a file of JSON is taken for, becomes
 * the grammar of the JSON that it allows.
 *
 * @throws {DramatisError} FILE_MISSING; GRAMMAR_INVALID with the file, line, column and caret.
 */
export async function readGrammar(
  given: string,
): Promise<{ readonly text: string; readonly syntax: GrammarSyntax }> {
  // yargs hands a lone "-" on as an empty word.
  const path = given === '' ? '-' : given;
  return checked(path, Buffer.from(await readBytes(path)).toString('utf8'));
}

function checked(path: string, written: string): { text: string; syntax: GrammarSyntax } {
  try {
    // A grammar begins with a name, "#" or "%", JSON Schemas with a brace: there are no others worth having.
    const text = /^\s*\{/.test(written) ? grammarOfJsonSchema(jsonOf(written)) : written;
    return { text, syntax: parseGrammar(text) };
  } catch (cause) {
    if (!(cause instanceof DramatisError) || cause.code !== 'GRAMMAR_INVALID') throw cause;
    throw new DramatisError('GRAMMAR_INVALID', `${path}, ${cause.message}`, { cause });
  }
}

/** Reads a file that may hold several grammars, divided by lines of "---": a reply must match them all. */
export async function readGrammars(given: string): Promise<readonly string[]> {
  const path = given === '' ? '-' : given;
  const written = Buffer.from(await readBytes(path)).toString('utf8');
  return written.split(/^---\r?\n/m).map((part) => checked(path, part).text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DramatisError('GRAMMAR_INVALID', `a JSON Schema that is not JSON: ${why}`, { cause });
  }
}
