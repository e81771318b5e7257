import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdapterFigure } from '#dramatis/engine/bench/adapter-speed.js';
import { usableCores } from '#dramatis/engine/cores.js';
import { resolveModel } from '#dramatis/hub/models.js';
import { median } from '#dramatis/median.js';
import { folders } from '#dramatis/store/folders.js';
import { cli, json, type Rate, speedArguments } from './program.ts';
import { type Row, rowOf } from './record.ts';
import { say } from './start.bench.ts';

const rounds = { speed: 10, start: 7, adapters: 4 } as const;

/**
 * This checkout beside another, built one: `DRAMATIS_BASE=/path/to/checkout npm run bench -- against`. Speed, start and
 * adapters of both in turn, a process each; every row is this one's figure over the other's within one round, since a
 * shared machine changes its speed by the minute.
 */
export async function* run(): AsyncGenerator<Row> {
  const folder = process.env.DRAMATIS_BASE;
  const base = folder ? join(folder, 'dist/cli/main.js') : '';
  if (!existsSync(base))
    throw new Error('no other checkout; name a built one by DRAMATIS_BASE=/path/to/checkout');
  const { path } = await resolveModel('smollm2-135m', {});
  const threads = Math.min(2, usableCores().count);
  yield* rates(base, path, threads);
  yield* starts(base);
  yield* adapters(base, threads);
}

async function* rates(base: string, model: string, threads: number): AsyncGenerator<Row> {
  const asked = speedArguments(model, String(threads), '-p', '512', '-n', '128', '-r', '1');
  const ratios = new Ratios();
  for (let round = 0; round < rounds.speed; round++) {
    const rate = async (program: string): Promise<Map<string, number>> => {
      const measured = await json<Rate[]>(process.execPath, [program, ...asked]);
      return new Map(
        measured.map((one) => [one.n_prompt > 0 ? 'pp512' : 'tg128', median(one.samples_ts)]),
      );
    };
    await ratios.add(round, rate, base);
  }
  yield* ratios.rows('rate', { threads });
}

async function* starts(base: string): AsyncGenerator<Row> {
  const questions = ['Who are you?', 'What did the ghost tell you?', 'Do you love Ophelia?'];
  const ratios = new Ratios();
  await using own = await homeBeside();
  const env = (program: string) => (program === base ? { DRAMATIS_HOME: own.path } : {});
  for (const program of [cli, base]) await say(questions[0]!, program, env(program));
  for (let round = 0; round < rounds.start; round++) {
    const question = questions[round % questions.length]!;
    const measure = async (program: string): Promise<Map<string, number>> => {
      const { firstTokenMs, peakMiB } = await say(question, program, env(program));
      return new Map([
        ['chat --say, process start to first token, warm', firstTokenMs],
        ['chat --say, peak resident memory', peakMiB],
      ]);
    };
    await ratios.add(round, measure, base);
  }
  yield* ratios.rows('start');
}

/** A home for the other checkout: what was fetched is linked, states of prompts are its own, which may differ in format. */
async function homeBeside(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'dramatis-against-'));
  for (const kind of ['models', 'plays', 'indices'] as const)
    await symlink(folders()[kind], join(path, kind));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

async function* adapters(base: string, threads: number): AsyncGenerator<Row> {
  const ratios = new Ratios();
  for (let round = 0; round < rounds.adapters; round++) {
    const measure = async (program: string): Promise<Map<string, number>> => {
      const asked = ['bench', 'adapters', '--json', '--gpu', 'off', '--threads', String(threads)];
      const figures = await json<AdapterFigure[]>(process.execPath, [program, ...asked]);
      return new Map(figures.map(({ what, ours }) => [what, ours]));
    };
    await ratios.add(round, measure, base);
  }
  yield* ratios.rows('adapters', { threads });
}

/** Ratios of this checkout's figures to the other's, by name, a sample for each round. */
class Ratios {
  readonly #samples = new Map<string, number[]>();

  /** Measures both, this one first in even rounds. A figure that is 0 or lacks its partner is left out. */
  async add(
    round: number,
    measure: (program: string) => Promise<Map<string, number>>,
    base: string,
  ): Promise<void> {
    const order = round % 2 === 0 ? [cli, base] : [base, cli];
    const measured = new Map<string, Map<string, number>>();
    for (const program of order) measured.set(program, await measure(program));
    for (const [name, value] of measured.get(cli)!) {
      const other = measured.get(base)!.get(name);
      if (!other || value === 0) continue;
      this.#samples.set(name, [...(this.#samples.get(name) ?? []), value / other]);
    }
  }

  *rows(what: string, conditions?: Readonly<Record<string, unknown>>): Generator<Row> {
    for (const [name, samples] of this.#samples)
      yield rowOf('against', `${what}: ${name}`, 'ratio', samples, conditions);
  }
}
