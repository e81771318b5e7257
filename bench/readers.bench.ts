import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseGrammar } from '#dramatis/engine/grammar-syntax.js';
import { DramatisError } from '#dramatis/errors.js';
import { HeaderCut } from '#dramatis/gguf/cursor.js';
import { encodeSafetensors } from '#dramatis/gguf/encode-safetensors.js';
import { HeaderFault, parseHeader } from '#dramatis/gguf/parse-header.js';
import { readSafetensors } from '#dramatis/gguf/safetensors.js';
import { prng } from '#dramatis/measure/statistics/prng.js';
import { parsePlay } from '#dramatis/play/parse.js';
import { grammarOfJsonSchema } from '#dramatis/steer/grammar/json-schema/schema-grammar.js';
import { writeTinyModel } from '#dramatis/testing/models/tiny-model.js';
import { printings } from '#dramatis/testing/plays/ostrava.js';
import type { Row } from './record.ts';

/** `BENCH_EXECUTIONS`: fewer, to see that it works. */
const executions = Number(process.env.BENCH_EXECUTIONS ?? 100_000);
/** `BENCH_READERS`: these alone, with commas between. */
const wanted = process.env.BENCH_READERS?.split(',');
/** Longer, and a reader counts as hanging. */
const slowMs = 1_000;

/** A reader of what comes from outside, and whole inputs that are changed for it. */
interface Reader {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  readonly read: (bytes: Buffer) => unknown;
}

const schema = {
  type: 'object',
  $defs: { line: { type: 'string', pattern: '^[a-z ]{1,12}$', minLength: 1 } },
  properties: {
    speaker: { enum: ['MARTA', 'BRUNO'] },
    lines: { type: 'array', items: { $ref: '#/$defs/line' }, minItems: 1, maxItems: 3 },
    act: { type: 'integer', minimum: 1, maximum: 5 },
    mood: { anyOf: [{ type: 'null' }, { type: 'string', format: 'date' }] },
  },
  required: ['speaker', 'lines'],
  additionalProperties: false,
};
const grammars = [
  'root ::= line+\nline ::= ("HAMLET" | "OPHELIA") ": " ("[" [a-z ]{1,8} "] ")? [^\\n\\[\\]]{1,16} "\\n"',
  'root ::= /3/ "Ay" rest | "Nay" rest\nrest ::= ("," " " [a-z\']{1,6}){1,4} ~ 2 [.!]\n%lexicon early +1.5 { thee thou }\n%ban { the "of my" }',
];

/**
 * Changed plays, grammars, schemas, safetensors and GGUF headers, each read to its end or refused by an error with a code:
 * how many were read, and the longest time. Any other error, and any that takes more than a second, ends the bench.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-readers-'));
  try {
    for (const reader of await readersIn(folder))
      if (wanted?.includes(reader.name) ?? true) yield await fuzz(reader);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readersIn(folder: string): Promise<readonly Reader[]> {
  const model = join(folder, 'tiny.gguf');
  await writeTinyModel(model);
  const whole = readFileSync(model);
  const header = whole.subarray(0, parseHeader(whole, whole.length).dataOffset);
  const tensors = encodeSafetensors([
    { name: 'a.weight', shape: [2, 3], values: new Float32Array(6) },
    { name: 'b.bias', shape: [4], values: new Float32Array(4) },
  ]);
  const file = join(folder, 'mutated.safetensors');
  return [
    { name: 'plays', seeds: Object.values(printings).map(bytesOf), read: parsePlay },
    { name: 'grammars', seeds: grammars.map(bytesOf), read: (bytes) => parseGrammar(text(bytes)) },
    {
      name: 'JSON Schemas',
      seeds: [bytesOf(JSON.stringify(schema))],
      read: (bytes) => grammarOfJsonSchema(jsonOrRefusal(text(bytes))),
    },
    {
      name: 'safetensors',
      seeds: [Buffer.from(tensors)],
      async read(bytes) {
        await writeFile(file, bytes);
        await readSafetensors(file);
      },
    },
    {
      name: 'GGUF headers, the validator',
      seeds: [Buffer.from(header)],
      read: (bytes) => parseHeader(bytes, whole.length),
    },
  ];
}

async function fuzz({ name, seeds, read }: Reader): Promise<Row> {
  const random = prng(1);
  let taken = 0;
  let longestMs = 0;
  for (let i = 0; i < executions; i++) {
    const bytes = mutated(seeds[i % seeds.length]!, seeds, random);
    const begin = performance.now();
    try {
      await read(bytes);
      taken++;
    } catch (error) {
      if (!isRefusal(error))
        throw new Error(`${name}, ${i}: ${error}`, { cause: { error, bytes } });
    }
    const ms = performance.now() - begin;
    longestMs = Math.max(longestMs, ms);
    if (ms > slowMs) throw new Error(`${name}, ${i}: took ${Math.round(ms)} ms`);
  }
  const more = { taken, longestMs: Number(longestMs.toFixed(1)) };
  return { bench: 'readers', name, unit: 'executions', median: executions, with: more };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof DramatisError || error instanceof HeaderFault || error instanceof HeaderCut;

const odd = [
  '\u0000',
  '\u009b',
  '\u202e',
  '\ufeff',
  '\r',
  '"',
  '{',
  '<',
  '&#27;',
  '9'.repeat(40),
  '('.repeat(200),
];

/** A copy with one to three changes: bits, odd bytes and texts, pieces left out, doubled, or taken from another seed. */
function mutated(seed: Buffer, seeds: readonly Buffer[], random: () => number): Buffer {
  let bytes = Buffer.from(seed);
  const below = (count: number): number => Math.floor(random() * count);
  for (let change = 1 + below(3); change > 0 && bytes.length > 0; change--) {
    const at = below(bytes.length);
    const end = Math.min(bytes.length, at + 1 + below(1 + below(200)));
    const other = seeds[below(seeds.length)]!;
    const from = below(other.length);
    const made: (() => Buffer)[] = [
      () => Buffer.from([bytes[at]! ^ (1 << below(8))]),
      () => Buffer.from([[0, 1, 0x7f, 0x80, 0xff][below(5)]!]),
      () => Buffer.from(odd[below(odd.length)]!),
      () => Buffer.alloc(0),
      () => Buffer.concat([bytes.subarray(at, end), bytes.subarray(at, end)]),
      () => other.subarray(from, from + 1 + below(200)),
    ];
    const kind = below(made.length);
    const stop = kind < 2 ? at + 1 : end;
    bytes = Buffer.concat([bytes.subarray(0, at), made[kind]!(), bytes.subarray(stop)]);
  }
  return bytes;
}

const bytesOf = (written: string): Buffer => Buffer.from(written);
const text = (bytes: Buffer): string => bytes.toString('utf8');

function jsonOrRefusal(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    throw new DramatisError('GRAMMAR_INVALID', 'no JSON');
  }
}
