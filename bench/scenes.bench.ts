import { writeFileSync } from 'node:fs';
import type {
  ArmResults,
  SceneResults,
  SceneTaskResults,
} from '#dramatis/eval/scenes/scene-results.js';
import { Dramatis } from '#dramatis/workspace/dramatis.js';
import { type SceneTask, sceneTasks } from '#dramatis/workspace/scenes/plan-scenes.js';
import { runScenes } from '#dramatis/workspace/scenes/run-scenes.js';
import { results as folder, type Row, rowOf } from './record.ts';

/** The small model and the larger one; `BENCH_MODELS`: others, with commas between. */
const models = (process.env.BENCH_MODELS ?? 'smollm2-135m,qwen2.5-coder-1.5b').split(',');
/** `BENCH_SECONDS`: after how long no scene begins any more; the next run goes on. */
const seconds =
  process.env.BENCH_SECONDS === undefined ? undefined : Number(process.env.BENCH_SECONDS);
/** `BENCH_TASKS`, `BENCH_POLICIES`, `BENCH_SETTINGS`: what is played, with commas between; the defaults alone unless given. */
const listed = (name: string): readonly string[] | undefined => process.env[name]?.split(',');
const tasks = sceneTasks.filter((task) => listed('BENCH_TASKS')?.includes(task) ?? true);
/** `BENCH_SEEDS`: scenes of each situation; 2 unless given. */
const seeds = process.env.BENCH_SEEDS === undefined ? undefined : Number(process.env.BENCH_SEEDS);

/**
 * Scenes of two and of four, played in the situations of data/situations.jsonl: how they alternate, repeat, answer each other,
 * how long they take, and what each policy and setting changes. The figures of every situation stay in
 * bench/results/scenes-TASK-MODEL.json, the scenes in the folder of runs.
 */
export async function* run(): AsyncGenerator<Row> {
  using dramatis = await Dramatis.open({ hub: { offline: true }, compute: { gpu: 'off' } });
  for (const model of models)
    for (const task of tasks) {
      const results = await played(dramatis, model, task);
      if (!results) continue;
      const path = new URL(`scenes-${task}-${model}.json`, folder);
      writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
      for (const result of results.tasks) yield* rowsOf(model, result);
    }
}

/** The results of all scenes; undefined while some are left. */
async function played(
  dramatis: Dramatis,
  model: string,
  task: SceneTask,
): Promise<SceneResults | undefined> {
  const [policies, settings] = [listed('BENCH_POLICIES'), listed('BENCH_SETTINGS')];
  const options = { tasks: [task], model, seconds, seeds, policies, settings };
  let left = 0;
  for await (const event of runScenes(dramatis, options)) {
    if (event.kind === 'progress')
      console.error(`${model}, ${task}, ${event.row}: ${event.done} of ${event.total}`);
    if (event.kind === 'left') left = event.scenes;
    if (event.kind === 'results' && left === 0) return event.results;
  }
  console.error(`${model}, ${task}: ${left} are left; the same command goes on`);
  return undefined;
}

function* rowsOf(model: string, { task, arms, originals, differences }: SceneTaskResults) {
  for (const arm of [...arms, originals[0]!, originals[1]!]) {
    yield* rowsOfArm(model, task, arm);
    const against = differences.find((one) => one.arm === arm.arm);
    for (const { measure, value, low, high, p, pHolm, n } of against?.measures ?? [])
      yield rowOf(
        'scenes',
        `${task}, ${arm.arm} less ${against!.against}: ${measure}`,
        'difference',
        [value],
        {
          ...{ model, low, high, p, pHolm, situations: n },
        },
      );
  }
}

function* rowsOfArm(model: string, task: string, { arm, scenes, ends, figures }: ArmResults) {
  yield rowOf('scenes', `${task}, ${arm}: ended by loop`, 'scenes', [ends.loop ?? 0], {
    ...{ model, of: scenes, ends },
  });
  for (const { measure, unit, value, low, high, n, standing, inside } of figures)
    yield rowOf('scenes', `${task}, ${arm}: ${measure}`, unit, [value], {
      ...{ model, low, high, situations: n, scenes, standing, inside },
    });
}
