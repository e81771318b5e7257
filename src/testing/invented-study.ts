import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeResults } from '../eval/results-file.ts';
import { assemble, type RunHead } from '../eval/run/assemble.ts';
import type { Measured } from '../eval/run/evaluate.ts';
import { summarise } from '../eval/run/summarise.ts';
import {
  armDifference,
  armResults,
  type MeasuredArm,
  type SceneResults,
} from '../eval/scenes/scene-results.ts';
import type { ScriptTurn } from '../eval/scenes/scene-script.ts';
import { noUsage } from '../eval/subject.ts';
import { tasksNamed } from '../eval/tasks/all.ts';
import { shippedTurnBands } from '../eval/turn-bands.ts';
import type { Row, Values } from '../measure/row.ts';
import { prng } from '../measure/statistics/prng.ts';
import { makeFolder } from '../store/make-folder.ts';
import { sha256 } from '../store/sha256.ts';
import { beginAttempt, endAttempt } from '../sweep/attempts.ts';
import { markDone } from '../sweep/done-marker.ts';
import { readSweep, type Sweep, type SweepTask } from '../sweep/manifest.ts';
import type { Study } from '../sweep/study.ts';
import { type SpeedFile, writeSpeedFile } from '../workspace/bench/speed-file.ts';
import type { LearningCurve } from '../workspace/runs/learning-curve.ts';
import { PretendSweep } from './pretend-sweep.ts';

/** How often each model of the invented study is right, and how large it is. */
const models: Readonly<Record<string, { readonly skill: number; readonly parameters: number }>> = {
  small: { skill: 0.35, parameters: 135e6 },
  large: { skill: 0.75, parameters: 1_543e6 },
};
const trainedMore = 0.2;
/** How much less often a model is right without a component. */
const worth = 0.3;

const study: Partial<Study> = {
  models: ['small', 'large'],
  trained: ['small'],
  characters: ['marta', 'jan'],
  recipes: { prompted: null, adapter: { rank: 4 } },
  seeds: [1],
  tasks: [
    'know bits cloze',
    { tasks: 'know', models: ['small'], recipes: ['prompted'], without: ['persona', 'memory'] },
  ],
  scenes: { tasks: 'duet quartet' },
  speed: { benches: 'speed' },
};

const scenesAsked = 8;
const itemsOfScene = 3;

/** A small study of invented rows, written by the functions that write real ones; its figures mean nothing. */
export class InventedStudy implements Disposable {
  readonly #pretend = new PretendSweep();
  sweep!: Sweep;

  /** Plans it, and does every task. */
  static async make(changes: Partial<Study> = {}): Promise<InventedStudy> {
    const made = new InventedStudy();
    made.sweep = await made.#pretend.plan({ ...study, ...changes });
    const { tasks } = made.sweep.manifest;
    const first = tasks.filter(({ after }) => after.length === 0);
    // Together, as each waits for the disk.
    for (const some of [first, tasks.filter((task) => !first.includes(task))])
      await Promise.all(some.map((task) => made.finish(task)));
    return made;
  }

  /** A copy in a folder of its own, to be changed: quicker than making another. */
  async copy(): Promise<InventedStudy> {
    const made = new InventedStudy();
    const folder = made.file(basename(this.folder));
    cpSync(this.folder, folder, { recursive: true });
    made.sweep = await readSweep(folder);
    return made;
  }

  get folder(): string {
    return this.sweep.folder;
  }

  readonly file = (...parts: string[]): string => this.#pretend.file(...parts);

  /** The task whose label has these words in it. */
  task(words: string): SweepTask {
    return this.sweep.manifest.tasks.find(({ label }) => label.includes(words))!;
  }

  async finish(task: SweepTask, head: Partial<RunHead> = {}): Promise<void> {
    const path = join(this.folder, task.outputs[0]!);
    await makeFolder(join(path, '..'));
    const attempt = await beginAttempt(this.sweep, task, {});
    switch (task.kind) {
      case 'train':
        writeFileSync(path, task.label);
        writeFileSync(join(this.folder, task.outputs[1]!), JSON.stringify(curveOfTask(task)));
        break;
      case 'eval':
        await this.#evaluate(task, path, head);
        break;
      case 'scenes':
        writeFileSync(path, JSON.stringify(scenesOf(task)));
        break;
      case 'speed':
        await writeSpeedFile(path, speedOf(task));
    }
    const end = { outcome: 'done', seconds: 90, exit: 0, reason: null, peakMiB: 400 } as const;
    await endAttempt(this.sweep, task, attempt, end);
    await markDone(this.sweep, task);
  }

  /** Takes away what the tasks wrote whose label has these words in it, as if they had not been run. */
  forget(words: string): void {
    for (const { id, label } of this.sweep.manifest.tasks.filter((one) =>
      one.label.includes(words),
    ))
      for (const path of [`results/${label}`, `done/${id}.json`, `attempts/${id}`])
        rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** Changes the first row of a task's file that the function has something for, and vouches for the file again. */
  async changeRow(
    task: SweepTask,
    change: (row: { task: string; row: string; values: Record<string, number> }) => boolean,
  ): Promise<void> {
    const path = join(this.folder, `${task.outputs[0]!}.rows.jsonl`);
    const rows = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    if (!rows.some(change)) throw new Error(`${path} has no row to change`);
    writeFileSync(path, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
    await markDone(this.sweep, task);
  }

  async #evaluate(task: SweepTask, path: string, head: Partial<RunHead>): Promise<void> {
    const isTrained = task.after.length > 0;
    const measured = tasksNamed((task.point.tasks ?? '').split(' ')).map((one): Measured => {
      const { skill } = models[task.point.model]!;
      const more = (isTrained ? trainedMore : 0) - (task.point.without ? worth : 0);
      const rows = new Map([
        ['subject', rowsOf(task, one.name, skill + more, 'subject')],
        [one.name === 'know' ? 'nothing' : 'naive Bayes', rowsOf(task, one.name, 0.2, 'control')],
      ]);
      return { task: one, rows, result: summarise(one, rows, noUsage), seconds: 1, usage: noUsage };
    });
    const results = assemble({ ...headOf(task, isTrained), ...head }, measured, []);
    const record = {
      ...{ started: '2031-02-03T04:05:06Z', seconds: 9, tasks: {}, promptTokensPerSecond: 1 },
      ...{ generatedTokensPerSecond: 1, firstTokenMs: 1, peakMiB: 1 },
    };
    await writeResults(path, { results, record, measured });
  }

  [Symbol.dispose](): void {
    this.#pretend[Symbol.dispose]();
  }
}

/** Rows of right and wrong answers, the same items for every model. */
function rowsOf({ label, point }: SweepTask, task: string, skill: number, row: string): Row[] {
  const random = prng(Number.parseInt(sha256(label, task, row).slice(0, 8), 16));
  return Array.from({ length: scenesAsked * itemsOfScene }, (_, i): Row => {
    const scene = `1.${Math.floor(i / itemsOfScene) + 1}`;
    const place = `${scene}.${i + 1}`;
    const isRight = Number(random() < skill);
    const item = { id: `${task}-${point.character}-${i}`, task, scene, place };
    const speaker = point.character.toUpperCase();
    if (task === 'bits') {
      const kind = i % 2 === 0 ? 'own' : 'other';
      const nats = -40 * (kind === 'own' ? 1 - skill / 10 : 1) * (0.9 + random() / 5);
      return {
        item: { ...item, speaker, kind } as Row['item'],
        answers: [],
        values: { nats, bytes: 40 },
      };
    }
    if (task === 'cloze') return { item, answers: [], values: { accuracy: isRight } };
    const why = {
      ...{ question: `What of the ${i + 1}th lamp?`, verdict: isRight ? 'right' : 'wrong' },
      ...{ isRight: isRight === 1, said: `It is <lit> & ${i}.`, recalled: [] },
    };
    return {
      item: { ...item, speaker } as Row['item'],
      answers: [],
      values: { right: isRight },
      why,
    };
  });
}

function headOf({ point }: SweepTask, isTrained: boolean): RunHead {
  const { parameters } = models[point.model]!;
  return {
    ...{ format: 'dramatis-bench', formatVersion: 1, character: point.character.toUpperCase() },
    play: { id: 'lantern', title: 'The Lantern Keeper', sha256: sha256('lantern') },
    ...{ split: 'holdout', splitSha256: sha256('split'), folds: null, limit: null, seed: 0 },
    subject: {
      ...{ model: point.model, modelFile: `${point.model}.gguf`, modelSha256: sha256(point.model) },
      ...{ modelBytes: parameters * 0.73, parameters, persona: true, memory: true },
      adapter: isTrained ? { file: 'adapter.gguf', sha256: sha256('adapter'), scale: 1 } : null,
      ...{ form: 'chat', templateVersion: 1 },
    },
    machine: { cpu: 'An Invented CPU', cores: 2, threads: '2', backends: 'CPU' },
    versions: { dramatis: '0.1.0', commit: '0123abc', node: 'v20.20.2' },
  };
}

function curveOfTask({ label, argv }: SweepTask): LearningCurve {
  const random = prng(Number.parseInt(sha256(label).slice(0, 8), 16));
  const isReward = argv[0] === 'reinforce';
  const steps = Array.from({ length: 40 }, (_, i) => i + 1);
  const valueAt = (step: number): number => {
    const learnt = 1 - Math.exp(-step / 15);
    return isReward ? 0.5 + 0.2 * learnt : 4 - learnt;
  };
  return {
    ...{ format: 'dramatis-curve', formatVersion: 1, measure: isReward ? 'reward' : 'loss' },
    versions: { dramatis: '0.1.0', commit: '0123abc' },
    learned: steps.map((step) => ({ step, value: valueAt(step) + random() / 5 - 0.1 })),
    heldOut: [0, 10, 20, 30, 40].map((step) => ({ step, value: valueAt(step * 0.8) })),
    ...{ asked: 12, kept: 40, end: 'done' },
  };
}

function scenesOf({ point }: SweepTask): SceneResults {
  const tasks = (['duet', 'quartet'] as const).map((task) => {
    const bands = shippedTurnBands()[task === 'duet' ? 'two' : 'several'];
    const arm = armResults(armOf('turn-model', point.model, task), bands);
    const originals = ['original', 'shuffled'].map((row) =>
      armResults(armOf(row, 'play', task), bands),
    );
    return {
      ...{
        task,
        situations: Object.fromEntries(Object.keys(arm.bySituation).map((id) => [id, 'holdout'])),
      },
      ...{
        originals,
        arms: [arm],
        differences: [armDifference(arm, originals[0]!)],
        anchors: [],
      },
    };
  });
  return {
    ...{ format: 'dramatis-scenes', formatVersion: 1, seeds: 1, turns: 8, tasks },
    model: { name: point.model, sha256: sha256(point.model) },
    versions: { dramatis: '0.1.0', commit: '0123abc' },
    machine: { cpu: 'An Invented CPU' },
  };
}

function armOf(name: string, model: string, task: string): MeasuredArm {
  const random = prng(Number.parseInt(sha256(name, model, task).slice(0, 8), 16));
  const cast = task === 'duet' ? ['MARTA', 'JAN'] : ['MARTA', 'JAN', 'OLD HUGO', 'ADA'];
  const turnsOf = (): ScriptTurn[] =>
    Array.from({ length: 8 }, () => ({
      who: cast[Math.floor(random() * cast.length)]!,
      words: 1 + Math.floor(random() * 30),
      ...(name === 'turn-model' && { recalled: ['1.2.3', ''] }),
    }));
  const measures = [
    ...['ABA', 'turn Gini', 'word Gini', 'who is called answers', 'adjacent overlap'],
    ...['self-repeat', 'loops', 'voice, first third', 'voice, last third'],
  ];
  const scenes = ['1.1', '2.1', '3.1', '4.1'].map((situation) => ({
    situation,
    figures: Object.fromEntries(measures.map((measure) => [measure, random()])) as Values,
    end: 'turns',
    script: {
      situation,
      which: name === 'turn-model' ? '1' : name,
      turns: turnsOf(),
    },
  }));
  return { arm: { name }, scenes };
}

function speedOf({ point }: SweepTask): SpeedFile {
  const { parameters } = models[point.model]!;
  const rate = 1.6e10 / parameters;
  const row = (what: string, factor: number): SpeedFile['rows'][number] => ({
    ...{ bench: 'speed', what, unit: 'tokens/s', higherIsBetter: true, at: {} },
    samples: [0.98, 1, 1.03].map((one) => one * rate * factor),
  });
  return {
    ...{ format: 'dramatis-speed', formatVersion: 1, date: '2031-02-03T04:05:06Z' },
    versions: { dramatis: '0.1.0', commit: '0123abc' },
    machine: {
      ...{ cpu: 'An Invented CPU', family: '1.2', cores: 2, processors: 2, features: [] },
      ...{
        governor: '',
        memoryBytes: 2 ** 33,
        system: 'linux',
        node: 'v20.20.2',
        devices: ['CPU'],
      },
    },
    model: {
      ...{ name: point.model, description: point.model, sha256: sha256(point.model) },
      ...{ bytes: parameters * 0.73, parameters },
    },
    ...{ threads: 2, gpu: 'off', rows: [row('pp512', 3), row('tg128', 1)] },
  };
}
