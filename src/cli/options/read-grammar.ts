import { readText } from '../../play/formats/decode.ts';
import { type CheckedGrammar, grammarOf, grammarsOf } from '../../steer/grammar/grammar-file.ts';
import { readBytes } from '../read-bytes.ts';

/**
 * Reads and checks the grammar that --grammar or a command's FILE names; "-" is the standard input.
 *
 * @throws {DramatisError} FILE_MISSING; GRAMMAR_INVALID with the file, line, column and caret.
 */
export async function readGrammar(given: string): Promise<CheckedGrammar> {
  const [path, written] = await pathAndText(given);
  return grammarOf(path, written);
}

/** Reads and checks a file that may hold several grammars: see `grammarsOf`. */
export async function readGrammars(given: string): Promise<readonly string[]> {
  const [path, written] = await pathAndText(given);
  return grammarsOf(path, written);
}

async function pathAndText(given: string): Promise<[string, string]> {
  // yargs hands a lone "-" on as an empty word.
  const path = given === '' ? '-' : given;
  return [path, readText(await readBytes(path)).text];
}
