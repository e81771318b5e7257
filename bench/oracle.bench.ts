import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usableCores } from '#dramatis/engine/cores.js';
import { Trainer } from '#dramatis/engine/trainer.js';
import { readHeader } from '#dramatis/gguf/read-header.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { dequantise } from './dequantise.ts';
import { json } from './program.ts';
import type { Row } from './record.ts';

const peer = fileURLToPath(new URL('./peer-log-probabilities.js', import.meta.url));
const length = 48;
/** Tokens of the vocabulary that are compared after each. */
const compared = 32;

/**
 * The trainer's forward pass against llama.cpp's on the real files: log-probabilities after every token of a text that
 * nobody wrote. llama.cpp, as node-llama-cpp ships it, reads the same numbers as F32, for with quantised ones it rounds
 * what it multiplies them with, too. The trainer reads both files, which must give the same to the last bit: so the copy is right.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'dramatis-oracle-'));
  try {
    for (const id of ['smollm2-135m', 'gemma3-270m']) {
      const { path } = await resolveModel(id, {});
      const plain = join(folder, `${id}.gguf`);
      await dequantise(path, plain, 'F32');
      const theirs = await ofLlama(plain);
      const ours = await ofTrainer(path, theirs.vocabulary);
      const again = await ofTrainer(plain, theirs.vocabulary);
      if (!ours.every((value, i) => value === again[i]))
        throw new Error(`the F32 copy of ${id} has other numbers`);
      const off = ours.map((value, i) => Math.abs(value - theirs.values[i]!));
      const conditions = { tokens: length, compared: off.length, weights: 'F32' };
      const row = (name: string, median: number): Row => ({
        bench: 'oracle',
        name: `${id}: ${name}`,
        unit: 'nats',
        median,
        with: conditions,
      });
      yield row('largest difference to llama.cpp', Math.max(...off));
      yield row('mean difference', off.reduce((sum, value) => sum + value, 0) / off.length);
      await rm(plain);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const text = (vocabulary: number): Int32Array =>
  Int32Array.from({ length }, (_, i) => (7919 * (i + 1)) % vocabulary);
/** The token that is asked for after position `i`, at the `k`th time of asking. */
const asked = (i: number, k: number, vocabulary: number): number =>
  (104_729 * k + 6_151 * i) % vocabulary;

/** By time of asking, then position. */
async function ofTrainer(path: string, vocabulary: number): Promise<number[]> {
  using trainer = await Trainer.open(path, {
    rank: 1,
    alpha: 1,
    gpu: 'off',
    precision: 'f32',
    layers: [0, 0],
    matrices: ['attn_q'],
  });
  trainer.reset(1);
  const tokens = text(vocabulary);
  const values: number[] = [];
  for (let k = 0; k < compared; k++) {
    const nll = await trainer.pass({
      tokens,
      transcript: 0,
      positions: Int32Array.from(tokens, (_, i) => i),
      first: new Int32Array(length),
      context: new Int32Array(2 * length),
      rows: Int32Array.from(tokens, (_, i) => i),
      targets: Int32Array.from(tokens, (_, i) => asked(i, k, vocabulary)),
      weights: new Float32Array(length).fill(1),
    });
    values.push(...Array.from(nll, (value) => -value));
  }
  return values;
}

async function ofLlama(path: string): Promise<{ values: number[]; vocabulary: number }> {
  const vocabulary = (await readHeader(path)).array('tokenizer.ggml.tokens')!.length;
  const tokens = text(vocabulary);
  const ends = Array.from(tokens, (_, i) =>
    Array.from({ length: compared }, (_, k) => asked(i, k, vocabulary)),
  );
  const args = [JSON.stringify([...tokens]), JSON.stringify(ends)];
  const threads = String(Math.min(2, usableCores().count));
  const { rows } = await json<{ rows: number[][] }>(process.execPath, [
    peer,
    path,
    threads,
    ...args,
  ]);
  const values = Array.from({ length: compared }, (_, k) => rows.map((row) => row[k]!)).flat();
  return { values, vocabulary };
}
