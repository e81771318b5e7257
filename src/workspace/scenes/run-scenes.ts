import { cpus } from 'node:os';
import { usableCores } from '../../engine/cores.ts';
import type { Cache } from '../../engine/session/cache.ts';
import { sceneArms } from '../../eval/scenes/scene-arms.ts';
import type { SceneResults, SceneTaskResults } from '../../eval/scenes/scene-results.ts';
import { sceneTurns } from '../../stage/limits.ts';
import type { JournalFault } from '../../store/journal.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import { sceneWindow } from '../open-company.ts';
import { openModel } from '../open-model.ts';
import { commit, version } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import { armRun, type OneRun, originalsRun } from './one-run.ts';
import { planSituations, type SceneTask } from './plan-scenes.ts';
import { openSceneJudge } from './scene-judge.ts';
import { type ArmRun, armPieces, originalPieces, type TaskPlan } from './scene-pieces.ts';
import { type SceneRunOptions, usualSeeds } from './scene-run-options.ts';
import { sideBySide } from './side-by-side.ts';
import { taskFigures } from './task-figures.ts';

/** What a benchmark of scenes reports; it ends with `results`. */
export type SceneRunEvent =
  /** So many scenes were there already. */
  | { readonly kind: 'resumed'; readonly task: SceneTask; readonly scenes: number }
  /** A line of what an earlier run has left cannot be read. */
  | { readonly kind: 'fault'; readonly path: string; readonly fault: JournalFault }
  | {
      readonly kind: 'progress';
      readonly task: SceneTask;
      /** Arm, or row of the plays' own turns. */
      readonly row: string;
      readonly done: number;
      readonly total: number;
      readonly fraction: number;
    }
  /** Time was over with so many scenes of a task not played. */
  | { readonly kind: 'left'; readonly task: SceneTask; readonly scenes: number }
  | { readonly kind: 'results'; readonly results: SceneResults; readonly out: string | undefined };

/**
 * Plays scenes of two and of four people by several policies and settings, measures them, and sets them beside each other and
 * the plays' own. Every scene that was played to its end is kept: the same run goes on where one was cut, and a later one
 * with more seeds, situations or settings plays only what is missing.
 *
 * @throws {DramatisError} USAGE for a policy or setting there is not; NO_ITEMS; what opening and playing scenes throws;
 *   `signal.reason`.
 */
export async function* runScenes(
  workspace: Workspace,
  options: SceneRunOptions,
): AsyncGenerator<SceneRunEvent, void> {
  const signal = options.signal ?? new AbortController().signal;
  const arms = sceneArms(options.policies, options.settings);
  const planned = await planSituations(workspace, options.tasks, options, signal);
  using model = await openModel(workspace, options.model, signal);
  using judge = await openSceneJudge(workspace, options.model, signal);
  const run: OneRun = {
    ...{ workspace, model, judge, signal },
    turns: options.turns ?? sceneTurns,
    seeds: options.seeds ?? usualSeeds,
    fresh: options.fresh ?? false,
    atOnce: options.atOnce ?? 1,
    isTime: within(options.seconds ?? Number.POSITIVE_INFINITY),
    sha256: await model.sha256(),
  };
  const tasks: SceneTaskResults[] = [];
  for (const [task, situations] of planned)
    tasks.push(yield* taskResults(run, { task, situations, arms }));
  const results = resultsOf(run, tasks);
  if (options.out !== undefined)
    await writeAtomic(options.out, `${JSON.stringify(results, null, 2)}\n`);
  yield { kind: 'results', results, out: options.out };
}

/** Whether fewer seconds have passed than that since it was first asked. */
function within(seconds: number): () => boolean {
  let start: number | undefined;
  return () => {
    start ??= performance.now();
    return performance.now() - start < 1000 * seconds;
  };
}

function resultsOf(run: OneRun, tasks: readonly SceneTaskResults[]): SceneResults {
  const { model, sha256, seeds, turns, workspace } = run;
  return {
    ...{ format: 'dramatis-scenes', formatVersion: 1 },
    model: { name: model.name, sha256 },
    versions: { dramatis: version(), commit: commit() },
    machine: {
      cpu: cpus()[0]?.model ?? process.arch,
      cores: usableCores().count,
      threads: String(workspace.compute.threads ?? 'auto'),
    },
    ...{ seeds, turns, tasks },
  };
}

async function* taskResults(
  run: OneRun,
  plan: TaskPlan,
): AsyncGenerator<SceneRunEvent, SceneTaskResults> {
  const { task } = plan;
  const originals = await originalsRun(run, task);
  const arms: ArmRun[] = [];
  for (const arm of plan.arms) arms.push({ arm, run: await armRun(run, task, arm) });
  for (const { faults, path } of [originals, ...arms.map((one) => one.run)])
    for (const fault of faults) yield { kind: 'fault', path, fault };
  using cache = await sharedCache(run, plan);
  const pieces = [
    ...arms.flatMap((one) => armPieces(run, plan, { ...one, cache })),
    ...originalPieces(run, plan, originals),
  ];
  const there = pieces.filter(({ isThere }) => isThere).length;
  if (there > 0) yield { kind: 'resumed', task, scenes: there };
  let done = there;
  const missing = pieces.filter(({ isThere }) => !isThere);
  for await (const { row } of sideBySide(missing, run.atOnce, run.isTime)) {
    done++;
    const total = pieces.length;
    yield { kind: 'progress', task, row, done, total, fraction: done / total };
    run.signal.throwIfAborted();
  }
  if (done < pieces.length) yield { kind: 'left', task, scenes: pieces.length - done };
  return taskFigures(run, plan, { originals, arms });
}

/** One cache for all scenes that are played at once, in which they take their steps together; undefined for one at a time. */
async function sharedCache(
  { model: { model }, atOnce }: OneRun,
  { situations, arms }: TaskPlan,
): Promise<Cache | undefined> {
  if (atOnce === 1) return undefined;
  const people = Math.max(...situations.map(({ cast }) => cast.length));
  const isScoring = arms.some(({ policy }) => policy === 'model');
  const window = Math.min(sceneWindow, model.info.trainedWindow);
  return model.cache({ window, sessions: atOnce * (people + Number(isScoring)) });
}
