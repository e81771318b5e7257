import { checkGrammar, type GrammarSyntax } from '../../engine/grammar-syntax.ts';
import { DramatisError } from '../../errors.ts';
import { grammarOfJsonSchema } from './json-schema/schema-grammar.ts';

/** A grammar that holds no fault, as it was written or made from a JSON Schema, and what it says. */
export interface CheckedGrammar {
  readonly text: string;
  readonly syntax: GrammarSyntax;
}

/**
 * Checks what a grammar's file holds. A JSON Schema, which any JSON is taken for, becomes the grammar of the JSON that it
 * allows: `true` of all JSON.
 *
 * @param file Name of the file, for what is refused.
 * @throws {DramatisError} GRAMMAR_INVALID with the file, line, column and caret.
 */
export async function grammarOf(file: string, written: string): Promise<CheckedGrammar> {
  try {
    const own = withoutMark(written);
    const text = isJson.test(own) ? grammarOfJsonSchema(jsonOf(own)) : own;
    return { text, syntax: await checkGrammar(text) };
  } catch (cause) {
    if (!(cause instanceof DramatisError) || cause.code !== 'GRAMMAR_INVALID') throw cause;
    throw new DramatisError('GRAMMAR_INVALID', `${file}, ${cause.message}`, {
      cause,
      remedy: cause.remedy,
    });
  }
}

/**
 * Checks a file that may hold several grammars, divided by lines of "---": a reply must match them all.
 *
 * @throws {DramatisError} GRAMMAR_INVALID as `grammarOf`.
 */
export async function grammarsOf(file: string, written: string): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const part of written.split(/^---\r?\n/m)) texts.push((await grammarOf(file, part)).text);
  return texts;
}

/** A grammar begins with a name, "#" or "%", JSON with a brace, a bracket or a quotation mark, or it is one word or number. */
const isJson = /^\s*(?:[{["]|(?:true|false|null|-?\d[\d.eE+-]*)\s*$)/;

/** Editors put a byte order mark before a text: it is no part of it. */
const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DramatisError('GRAMMAR_INVALID', `a JSON Schema that is not JSON: ${why}`, { cause });
  }
}
