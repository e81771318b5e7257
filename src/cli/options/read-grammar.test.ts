import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byteGrammar, weighText } from '../../engine/grammar-syntax.ts';
import { readGrammar, readGrammars } from './read-grammar.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-read-grammar-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('A grammar’s file', () => {
  it('may be a JSON Schema, which becomes the grammar of what it allows', async () => {
    const path = await file(
      'mood.schema.json',
      '{"type": "object", "properties": {"mood": {"enum": ["grave", "glad"]}}, "required": ["mood"]}',
    );
    const grammar = byteGrammar((await readGrammar(path)).text);
    expect(weighText(grammar, '{"mood": "glad"}')).toBe(0);
    expect(weighText(grammar, '{"mood": "odd"}')).toBeUndefined();
  });

  it('is read in the encoding that an editor of Windows gave it', async () => {
    const text = 'root ::= "née"\r\n';
    for (const [name, bytes] of [
      ['utf-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
      ['one-byte', Buffer.from(text, 'latin1')],
      ['utf-8', Buffer.from(`\ufeff${text}`)],
    ] as const) {
      const grammar = byteGrammar((await readGrammar(await file(`${name}.gbnf`, bytes))).text);
      expect(weighText(grammar, 'née'), name).toBe(0);
    }
  });

  it('may be one of the schemas that are no object: true allows all JSON, false none', async () => {
    const grammar = byteGrammar((await readGrammar(await file('all.json', ' true\n'))).text);
    for (const text of ['null', '[]', '{"a": [1, "b"]}']) expect(weighText(grammar, text)).toBe(0);
    expect(weighText(grammar, 'true or not')).toBeUndefined();
    for (const [text, why] of [
      ['false', /no value fits it/],
      ['[]', /a schema is an object, true or false/],
      ['null', /a schema is an object, true or false/],
      ['"text"', /a schema is an object, true or false/],
      ['3', /a schema is an object, true or false/],
    ] as const)
      await expect(readGrammar(await file('odd.json', text))).rejects.toMatchObject({
        code: 'GRAMMAR_INVALID',
        message: expect.stringMatching(why),
      });
  });

  it('that is neither is refused with its name', async () => {
    await expect(readGrammar(await file('cut.json', '{"type": '))).rejects.toMatchObject({
      code: 'GRAMMAR_INVALID',
      message: expect.stringMatching(/cut\.json, a JSON Schema that is not JSON/),
    });
    await expect(readGrammar(await file('wrong.gbnf', 'root ::= aisde'))).rejects.toMatchObject({
      message: expect.stringMatching(/wrong\.gbnf, line 1, column 10/),
    });
    await expect(readGrammar(join(folder, 'none.gbnf'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
  });

  it('may hold several, divided by lines of dashes', async () => {
    const path = await file('two.gbnf', 'root ::= "a" | "---"\n---\n%ban { okay }\n');
    const [first, second, ...others] = await readGrammars(path);
    expect(others).toEqual([]);
    expect(weighText(byteGrammar(first!), '---')).toBe(0);
    expect(weighText(byteGrammar(second!), 'anything, okay?')).toBeUndefined();
  });
});
