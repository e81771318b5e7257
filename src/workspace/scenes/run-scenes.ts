import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { usableCores } from '../../engine/cores.ts';
import { DramatisError } from '../../errors.ts';
import { originalRows, originalScenes } from '../../eval/scenes/original-scenes.ts';
import { type SceneArm, sceneArms } from '../../eval/scenes/scene-arms.ts';
import { type MeasuredPlay, measuredPlay } from '../../eval/scenes/scene-figures.ts';
import {
  type AnchorResult,
  type ArmResults,
  anchorResult,
  armDifference,
  armResults,
  type MeasuredScene,
  type SceneResults,
  type SceneTaskResults,
} from '../../eval/scenes/scene-results.ts';
import { shippedTurnBands } from '../../eval/turn-bands.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import { sceneTurns } from '../../stage/limits.ts';
import type { StageState } from '../../stage/state.ts';
import { parseLeverNames } from '../../steer/lever-names.ts';
import type { JournalFault } from '../../store/journal.ts';
import { writeAtomic } from '../../store/write-atomic.ts';
import type { CompanyRequest } from '../open-company.ts';
import { type OpenedModel, openModel } from '../open-model.ts';
import { type OpenedStage, openStage, type SceneRequest } from '../open-stage.ts';
import { commit, version } from '../program.ts';
import type { Workspace } from '../workspace.ts';
import { type PlannedSituation, planSituations, type SceneTask } from './plan-scenes.ts';
import { openSceneJudge, type SceneJudge } from './scene-judge.ts';
import { SceneRun } from './scene-run.ts';
import { type SceneRunOptions, usualSeeds } from './scene-run-options.ts';

/** What a benchmark of scenes reports; it ends with `results`. */
export type SceneRunEvent =
  /** So many scenes were there already. */
  | { readonly kind: 'resumed'; readonly scenes: number }
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
  const run: Running = {
    ...{ workspace, model, judge, signal },
    turns: options.turns ?? sceneTurns,
    seeds: options.seeds ?? usualSeeds,
    fresh: options.fresh ?? false,
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

/** One run: what all of its scenes share. */
interface Running {
  readonly workspace: Workspace;
  readonly model: OpenedModel;
  readonly judge: SceneJudge;
  readonly turns: number;
  readonly seeds: number;
  readonly fresh: boolean;
  readonly sha256: string;
  readonly signal: AbortSignal;
}

interface TaskPlan {
  readonly task: SceneTask;
  readonly situations: readonly PlannedSituation[];
  readonly arms: readonly SceneArm[];
}

function resultsOf(run: Running, tasks: readonly SceneTaskResults[]): SceneResults {
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

/** Something to be played or judged: what is missing of an arm, or of the plays' own turns. */
interface Piece {
  readonly row: string;
  readonly isThere: boolean;
  make(): Promise<void>;
}

async function* taskResults(
  run: Running,
  plan: TaskPlan,
): AsyncGenerator<SceneRunEvent, SceneTaskResults> {
  const { task, situations } = plan;
  const speakers = new Set(situations.flatMap(({ cast }) => cast));
  const plays = new Map(
    situations.map(({ source }) => [source.id, measuredPlay(source.play, speakers)] as const),
  );
  const originals = await originalsRun(run, task);
  const armRuns: { readonly arm: SceneArm; readonly run: SceneRun }[] = [];
  for (const arm of plan.arms) armRuns.push({ arm, run: await armRun(run, task, arm) });
  for (const { faults, path } of [originals, ...armRuns.map((one) => one.run)])
    for (const fault of faults) yield { kind: 'fault', path, fault };
  const pieces = [
    ...armRuns.flatMap((one) => armPieces(run, plan, one)),
    ...originalPieces(run, plan, originals),
  ];
  const there = pieces.filter(({ isThere }) => isThere).length;
  if (there > 0) yield { kind: 'resumed', scenes: there };
  let done = there;
  for (const piece of pieces.filter(({ isThere }) => !isThere)) {
    run.signal.throwIfAborted();
    await piece.make();
    done++;
    const total = pieces.length;
    yield { kind: 'progress', task, row: piece.row, done, total, fraction: done / total };
  }
  const measured = await Promise.all(
    armRuns.map(async (one) => ({ arm: one.arm, scenes: await scenesOf(run, plan, one, plays) })),
  );
  const bands = shippedTurnBands()[task === 'duet' ? 'two' : 'several'];
  const results = measured.map((one) => armResults(one, bands));
  const printed = originalRows.map((row) =>
    armResults({ arm: { name: row }, scenes: printedScenes(run, plan, originals, row) }, bands),
  );
  const [first, ...others] = results;
  return {
    task,
    situations: Object.fromEntries(situations.map(({ id, split }) => [id, split])),
    originals: printed,
    arms: results,
    differences: others.map((other) => armDifference(other, first!)),
    anchors: anchorsOf(printed),
  };
}

function anchorsOf(printed: readonly ArmResults[]): readonly AnchorResult[] {
  const [original, shuffled, swapped] = printed;
  return [
    anchorResult('cue gain', original!, shuffled!),
    anchorResult('adjacent overlap', original!, shuffled!),
    anchorResult('voice', original!, swapped!),
  ].filter((one) => one !== undefined);
}

/** What a scene depends on beside its situation and seed: another run of the same finds the scenes of this one. */
function configOf({ model, sha256, turns }: Running, task: SceneTask, row: object) {
  return {
    ...{ format: 'dramatis-scenes', formatVersion: 1, task, ...row },
    ...{ turns, model: model.name, modelSha256: sha256 },
    versions: { dramatis: version(), commit: commit() },
  };
}

const runsFolder = ({ workspace }: Running): string => join(workspace.folders.runs, 'scenes');

function armRun(run: Running, task: SceneTask, { policy, setting }: SceneArm): Promise<SceneRun> {
  const config = configOf(run, task, { policy, setting });
  const label = `${task}-${policy}-${setting}-${run.model.name}`;
  return SceneRun.open(runsFolder(run), label, { config, fresh: run.fresh });
}

function originalsRun(run: Running, task: SceneTask): Promise<SceneRun> {
  const config = configOf(run, task, { originals: true });
  const label = `${task}-originals-${run.model.name}`;
  return SceneRun.open(runsFolder(run), label, { config, fresh: run.fresh });
}

const seedNames = ({ seeds }: Running): string[] =>
  Array.from({ length: seeds }, (_, i) => String(i + 1));

/** The situations that an arm plays: adapters have learnt the train scenes, so no scene of those says how good they are. */
function situationsOf({ situations }: TaskPlan, { change }: SceneArm) {
  return situations.filter(({ split }) => !(change.adapters && split === 'train'));
}

/** All situations at the first seed, then all at the next: a run that is cut has as many situations as it can. */
function armPieces(
  run: Running,
  plan: TaskPlan,
  { arm, run: kept }: { readonly arm: SceneArm; readonly run: SceneRun },
): readonly Piece[] {
  return seedNames(run).flatMap((which) =>
    situationsOf(plan, arm).map((situation) => ({
      row: arm.name,
      isThere: kept.of(situation.id, which) !== undefined,
      make: () => playOne(run, { situation, arm, which }, kept),
    })),
  );
}

interface OneScene {
  readonly situation: PlannedSituation;
  readonly arm: SceneArm;
  readonly which: string;
}

/** Plays a scene to its end and judges it. One that is cut leaves nothing: drawn again it would be the same. */
async function playOne(run: Running, one: OneScene, kept: SceneRun): Promise<void> {
  const { situation, which } = one;
  const { folders } = run.workspace;
  const workspace = { ...run.workspace, folders: { ...folders, conversations: kept.folder } };
  using opened = await openStage(workspace, requestOf(run, one));
  const { path } = opened.stage.transcript;
  try {
    if (one.arm.change.adapters) requireAdapters(opened);
    const state = await played(opened, run.signal);
    const turns = (isOpening: boolean) =>
      state.turns
        .filter(({ playedBy }) => (playedBy === 'play') === isOpening)
        .map(({ who, text }) => ({ speaker: who, text }));
    const conversation = { opening: turns(true), turns: turns(false), seed: situation.id };
    const judged = await run.judge.judge(situation.source, conversation);
    await kept.add({ situation: situation.id, which, transcript: basename(path), judged });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** @throws {DramatisError} USAGE if nobody speaks otherwise than by default: there would be nothing to compare. */
function requireAdapters({ stage: { state } }: OpenedStage): void {
  const { cast = [] } = state.open ?? {};
  if (cast.some(({ adapters = [] }) => adapters.length > 0)) return;
  const names = cast.map(({ name }) => displayName(name));
  throw new DramatisError('USAGE', `no adapter is promoted for ${listOf(names)}`, {
    remedy: 'Train one with "dramatis train", and promote it, or leave the setting "adapters" out.',
  });
}

async function played({ stage }: OpenedStage, signal: AbortSignal): Promise<StageState> {
  for await (const _ of stage.run(signal)) signal.throwIfAborted();
  signal.throwIfAborted();
  return stage.state;
}

function requestOf(
  { model, turns, signal }: Running,
  { situation, arm: { policy, change }, which }: OneScene,
): SceneRequest & CompanyRequest {
  const { id, at, cast, playName } = situation;
  const { tags, adapters, ...rest } = change;
  return {
    ...{ names: cast, at, play: playName, policy, model: model.name },
    ...rest,
    adapters: new Map(cast.map((name) => [name, adapters ? 'promoted' : 'none'])),
    ...(tags === false && { steer: parseLeverNames('-tags') }),
    limits: { turns },
    seed: seedOf(id, which),
    signal,
  };
}

function originalPieces(run: Running, plan: TaskPlan, kept: SceneRun): readonly Piece[] {
  return plan.situations.flatMap(({ id, at, source }) =>
    originalScenes(source, { id, at }, run.turns)
      .filter(({ row }) => row !== 'swapped speakers') // it is there for the voices, which ask no model
      .map(({ row, ...conversation }) => ({
        row,
        isThere: kept.of(id, row) !== undefined,
        make: async () => {
          const judged = await run.judge.judge(source, { ...conversation, seed: id });
          await kept.add({ situation: id, which: row, judged });
        },
      })),
  );
}

function printedScenes(
  run: Running,
  { situations }: TaskPlan,
  kept: SceneRun,
  row: string,
): readonly MeasuredScene[] {
  return situations.flatMap(({ id, at, source }) =>
    originalScenes(source, { id, at }, run.turns)
      .filter((scene) => scene.row === row)
      .map(({ figures }) => ({
        situation: id,
        figures: { ...figures, ...kept.of(id, row)?.judged },
        end: 'printed',
      })),
  );
}

async function scenesOf(
  run: Running,
  plan: TaskPlan,
  { arm, run: kept }: { readonly arm: SceneArm; readonly run: SceneRun },
  plays: ReadonlyMap<string, MeasuredPlay>,
): Promise<readonly MeasuredScene[]> {
  const scenes: MeasuredScene[] = [];
  for (const { id, source } of situationsOf(plan, arm))
    for (const which of seedNames(run)) {
      const record = kept.of(id, which);
      const scene = record && (await kept.measured(record, plays.get(source.id)!));
      if (scene) scenes.push(scene);
    }
  return scenes;
}
