import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskResult } from '#dramatis/eval/results.js';
import { evaluate } from '#dramatis/eval/run/evaluate.js';
import { findCritic, openCritic } from '#dramatis/eval/tasks/session-critic.js';
import { auc } from '#dramatis/measure/statistics/auc.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import type { OpenedSource } from '#dramatis/workspace/open-source.js';
import { openBenchmarkRun } from '#dramatis/workspace/runs/benchmark-run.js';
import { type Row, rowOf } from './record.ts';

/** Whom anybody knows by a line: with an accent, a Welsh tongue, rant, malapropisms or riddles. */
const all = [
  ['doctor caius', 'merry-wives-of-windsor'],
  ['fluellen', 'henry-v'],
  ['pistol', 'henry-v'],
  ['sir hugh evans', 'merry-wives-of-windsor'],
  ['dogberry', 'much-ado-about-nothing'],
  ['fool', 'king-lear'],
] as const;
/** `BENCH_CONTROLS`: some of them by name, with commas between. */
const named = process.env.BENCH_CONTROLS?.split(',');
const controls = all.filter(([name]) => named?.includes(name) ?? true);
/** Adapters of each: one for each fifth of the scenes, which is held out of it. */
const folds = 5;
const epochs = 3;
/** `BENCH_MODEL`: another. */
const model = process.env.BENCH_MODEL ?? 'smollm2-135m';
/** Items of a task and fold, at most: more than any of them has. */
const limit = 1000;

/**
 * Positive controls: what an adapter teaches of characters whom their words alone set apart. If others' words do not become
 * dearer than their own by more than .05 bits a byte where naive Bayes tells them nine times in ten, the rows or the trainer
 * are at fault; then nothing that is found, or not found, of Hamlet says anything of Hamlet. Every scene is held out once.
 */
export async function* run(): AsyncGenerator<Row> {
  using dramatis = await Dramatis.open({ compute: { gpu: 'off' } });
  const told: { readonly auc: number; readonly gained: number }[] = [];
  for (const [name, play] of controls) {
    const source = await dramatis.source({ character: name, play });
    const area = areaOf(source);
    const row = (what: string, unit: string, value: number, conditions = {}): Row =>
      rowOf('controls', `${name}: ${what}`, unit, [value], { play, model, epochs, ...conditions });
    yield row('naive Bayes of letters, AUC of a speech', 'share', area);
    const folder = await mkdtemp(join(tmpdir(), 'dramatis-controls-'));
    try {
      const started = performance.now();
      for (let fold = 0; fold < folds; fold++) await train(dramatis, { name, play, fold, folder });
      yield row(`${folds} adapters`, 's', (performance.now() - started) / 1000);
      const results = await measured(dramatis, { name, play, folder });
      for (const [task, metric, against] of compared) {
        const found = results.get(task)?.metrics.find((one) => one.metric === metric);
        const [own, less] = [found?.rows.subject, found?.differences[against]];
        if (!found || !own || !less) continue;
        const interval = { low: less.low, high: less.high, items: own.n, scenes: own.clusters };
        yield row(`${task}, ${metric}`, found.unit, own.value);
        yield row(`${task}, ${metric}, less ${against}`, found.unit, less.value, interval);
        if (task === 'bits' && metric === 'other minus own')
          told.push({ auc: area, gained: less.value });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  if (told.length < 3) return;
  const agreement = correlation(
    ranks(told.map((one) => one.auc)),
    ranks(told.map((one) => one.gained)),
  );
  yield rowOf('controls', 'order by AUC and by what the adapter gains, Spearman', 'share', [
    agreement,
  ]);
}

const compared = [
  ['bits', 'other minus own', 'prompted base'],
  ['bits', 'own', 'prompted base'],
  ['who', 'accuracy', 'base'],
] as const;

/** How often naive Bayes that has not read the fold puts a speech of the character's before one of anybody else. */
function areaOf(source: OpenedSource): number {
  const critic = findCritic(openCritic(source))!;
  const { name } = source.character!;
  const scores = { own: [] as number[], others: [] as number[] };
  for (const { speakers, scene, words } of critic.text.speeches) {
    if (speakers.length !== 1 || words.length === 0) continue;
    const { nats } = critic.judge(words.join(' '), name, scene);
    scores[speakers[0] === name ? 'own' : 'others'].push(nats);
  }
  return auc(scores.own, scores.others);
}

interface Control {
  readonly name: string;
  readonly play: string;
  /** Where the adapters are. */
  readonly folder: string;
}

async function train(
  dramatis: Dramatis,
  { name, play, fold, folder }: Control & { readonly fold: number },
): Promise<void> {
  const out = join(folder, `${fold}.gguf`);
  const note = 'a positive control of the bench';
  for await (const event of dramatis.train({
    character: name,
    play,
    model,
    fold,
    out,
    note,
    recipe: { epochs },
  }))
    if (event.kind === 'dev')
      console.error(`${name}, fold ${fold}: step ${event.step}, dev ${event.nll.toFixed(3)}`);
}

/** Every item of every scene, asked of the adapter that was not trained on the scene. */
async function measured(
  dramatis: Dramatis,
  { name, play, folder }: Control,
): Promise<ReadonlyMap<string, TaskResult>> {
  const options = {
    ...{ tasks: ['bits', 'who'], character: name, play, model, limit },
    ...{ adapter: join(folder, '{fold}.gguf'), folds },
  };
  using run = await openBenchmarkRun(dramatis, options, new AbortController().signal);
  const found = new Map<string, TaskResult>();
  const { parts, tasks } = run;
  for await (const event of evaluate({ parts, tasks, limit: limit * folds, anchors: false }))
    if (event.kind === 'measured') found.set(event.measured.task.name, event.measured.result);
  return found;
}

/** The place of each value in order; equal ones share theirs. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    return below + (values.filter((other) => other === value).length + 1) / 2;
  });
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const middle = (a.length + 1) / 2;
  const product = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + (value - middle) * (y[i]! - middle), 0);
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b));
}
