import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Results, RunRecord } from '#dramatis/eval/results.js';
import { cli, finished } from './program.ts';
import { results as folder, type Row, rowOf } from './record.ts';

/** `BENCH_PLAYS`: one of them alone. */
const plays = (process.env.BENCH_PLAYS ?? 'hamlet,macbeth').split(',');
/** The small model and the larger one; `BENCH_MODELS`: others, with commas between. */
const models = (process.env.BENCH_MODELS ?? 'smollm2-135m,qwen2.5-coder-1.5b').split(',');

/**
 * What characters know: every question of data/questions, answered as in a conversation. Shares of right answers, of
 * violations and of facts found, of each play and model, with intervals clustered by scene. Choices among distractors are
 * left out: they take four times as long and say less. The results stay in bench/results.
 */
export async function* run(): AsyncGenerator<Row> {
  for (const model of models)
    for (const play of plays) {
      const file = fileURLToPath(new URL(`know-${play}-${model}.json`, folder));
      await ask({ model, play, file });
      const record = JSON.parse(await readFile(`${file}.run.json`, 'utf8')) as RunRecord;
      const results = JSON.parse(await readFile(file, 'utf8')) as Results;
      yield rowOf('know', `${play}: all questions`, 's', [record.seconds], { model, play });
      const { metrics } = results.tasks.find(({ task }) => task === 'know')!;
      for (const { metric, unit, rows } of metrics) {
        const { value, low, high, n, clusters } = rows.subject ?? {};
        if (value === undefined || value === null) continue;
        const conditions = { model, play, low, high, items: n, scenes: clusters };
        yield rowOf('know', `${play}: ${metric}`, unit, [value], conditions);
      }
    }
}

async function ask({
  model,
  play,
  file,
}: {
  readonly model: string;
  readonly play: string;
  readonly file: string;
}): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'dramatis-know-'));
  try {
    const questions = join(scratch, `${play}.jsonl`);
    await writeFile(questions, await withoutChoices(play));
    await finished(process.execPath, [
      ...[cli, 'eval', 'know', '--play', play, '--model', model, '--questions', questions],
      ...['--no-anchors', '--gpu', 'off', '--offline', '--fresh', '--json', file],
    ]);
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function withoutChoices(play: string): Promise<string> {
  const path = new URL(`../../data/questions/${play}.jsonl`, import.meta.url);
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines
    .map((line) => {
      const { choices: _, ...rest } = JSON.parse(line) as Readonly<Record<string, unknown>>;
      return `${JSON.stringify(rest)}\n`;
    })
    .join('');
}
