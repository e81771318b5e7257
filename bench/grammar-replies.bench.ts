import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model } from '#dramatis/engine/model.js';
import { drawTogether } from '#dramatis/engine/session/draw-together.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { grammarOfJsonSchema } from '#dramatis/steer/grammar/json-schema/schema-grammar.js';
import { writeTinyModel } from '#dramatis/testing/models/tiny-model.js';
import type { Row } from './record.ts';

/** Drawn in step. */
const together = 16;

interface Judged {
  readonly name: string;
  readonly grammar: string;
  /** Knows nothing of the grammar. */
  readonly parses: (text: string) => boolean;
}

const schema = {
  type: 'object',
  properties: {
    speaker: { enum: ['HAMLET', 'HORATIO'] },
    mood: { type: 'string', maxLength: 12 },
    act: { type: 'integer', minimum: 1, maximum: 5 },
    exits: { type: 'boolean' },
  },
  required: ['speaker', 'mood', 'act', 'exits'],
  additionalProperties: false,
};

function isAnswer(text: string): boolean {
  const found: unknown = JSON.parse(text);
  if (typeof found !== 'object' || found === null) return false;
  const { speaker, mood, act, exits, ...others } = found as Record<string, unknown>;
  return (
    schema.properties.speaker.enum.includes(String(speaker)) &&
    typeof mood === 'string' &&
    [...mood.replaceAll(/\uFFFD{1,4}/g, '.')].length <= 12 &&
    Number.isInteger(act) &&
    Number(act) >= 1 &&
    Number(act) <= 5 &&
    typeof exits === 'boolean' &&
    Object.keys(others).length === 0
  );
}

/**
 * A character that is none of Unicode's, which llama.cpp's grammars let through and so do ours, reads as one to four signs
 * of replacement.
 */
const anyOf = (set: string): string => `(?:[^${set}\\uFFFD]|\\uFFFD{1,4})`;
const spoken = anyOf('\\n[\\]');
const dialogue = new RegExp(`^(HAMLET|OPHELIA): (\\[[a-z ]{1,8}\\] )?${spoken}{1,16}\\n$`, 'u');

const judged: readonly Judged[] = [
  {
    name: 'dialogue',
    grammar: `root ::= line
line ::= ("HAMLET" | "OPHELIA") ": " ("[" [a-z ]{1,8} "] ")? [^\\n\\[\\]]{1,16} "\\n"`,
    parses: (text) => dialogue.test(text),
  },
  {
    name: 'weighted words',
    grammar: `root ::= /3/ "Ay" rest | "Nay" rest
rest ::= ("," " " [a-z']{1,6}){1,4} ~ 2 [.!]
%lexicon early +1.5 { thee thou hath }
%ban { the "of my" is }`,
    parses: (text) =>
      /^(Ay|Nay)(, [a-z']{1,6}){1,4}[.!]$/.test(text) &&
      !/(^|[^a-z'])(the|is)($|[^a-z'])/.test(text),
  },
  { name: 'JSON of a schema', grammar: grammarOfJsonSchema(schema), parses: isAnswer },
  {
    name: 'sentences',
    grammar: `root ::= sentence
sentence ::= [A-Z] [a-z']{1,10} (","? " " word){1,3} [.!?]
word ::= [a-z]+ ("'" [a-z]+)?`,
    parses: (text) => /^[A-Z][a-z']{1,10}(,? [a-z]+('[a-z]+)?){1,3}[.!?]$/.test(text),
  },
];

/**
 * Replies under grammars, 10,000 of a tiny random model and as many of the real one unless BENCH_REPLIES says otherwise: how many
 * come to an end, and how many of those parse, as something else than our grammars sees it.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-replies-'));
  const tiny = join(folder, 'tiny.gguf');
  await writeTinyModel(tiny);
  yield* repliesOf('a tiny random model', tiny, 10_000);
  await rm(folder, { recursive: true });
  const { path } = await resolveModel('smollm2-135m', {});
  yield* repliesOf('smollm2-135m', path, Number(process.env.BENCH_REPLIES ?? 10_000));
}

async function* repliesOf(name: string, path: string, runs: number): AsyncGenerator<Row> {
  using model = await Model.open(path, { gpu: 'off' });
  for (const one of judged) {
    const count = Math.ceil(runs / judged.length);
    const { ended, wrong } = await reply(model, one, count);
    yield {
      bench: 'grammar-replies',
      name: `${name}, ${one.name}: replies that parse, of those that end`,
      unit: '%',
      median: (100 * (ended - wrong.length)) / ended,
      with: { model: name, drawn: count, ended, wrong: wrong.slice(0, 3) },
    };
  }
}

async function reply(model: Model, { grammar, parses }: Judged, count: number) {
  using cache = await model.cache({ sessions: together, window: 256 });
  const prompt = model.tokenize('HAMLET, prince of Denmark, is asked how he does. He answers:\n');
  const sessions = [await cache.session()];
  await sessions[0]!.prefill(prompt);
  while (sessions.length < together) sessions.push(await sessions[0]!.fork());
  let ended = 0;
  const wrong: string[] = [];
  for (let seed = 0; seed < count; seed += together) {
    const parts = sessions.slice(0, count - seed).map((session, i) => {
      const sampling = { grammar, seed: seed + i, temperature: 1.2, topK: 100, minP: 0 };
      return { session, prompt, options: { sampling, maxTokens: 200 } };
    });
    const texts = parts.map(() => '');
    for await (const { part, text, stop } of drawTogether(parts)) {
      texts[part] += text;
      if (stop !== 'end') continue;
      ended++;
      if (!judges(parses, texts[part]!)) wrong.push(texts[part]!);
    }
  }
  for (const session of sessions) session[Symbol.dispose]();
  return { ended, wrong };
}

function judges(parses: (text: string) => boolean, text: string): boolean {
  try {
    return parses(text);
  } catch {
    return false;
  }
}
