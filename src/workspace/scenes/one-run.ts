import { join } from 'node:path';
import type { SceneArm } from '../../eval/scenes/scene-arms.ts';
import type { OpenedModel } from '../open-model.ts';
import { commit, version } from '../program.ts';
import { type Workspace, warnIn } from '../workspace.ts';
import type { SceneTask } from './plan-scenes.ts';
import type { SceneJudge } from './scene-judge.ts';
import { SceneRun } from './scene-run.ts';

/** What all scenes of one run share. */
export interface OneRun {
  readonly workspace: Workspace;
  readonly model: OpenedModel;
  readonly judge: SceneJudge;
  readonly turns: number;
  readonly seeds: number;
  readonly fresh: boolean;
  readonly sha256: string;
  /** Scenes that are played at once. */
  readonly atOnce: number;
  /** Whether a scene may begin; the time counts from the first one on. */
  readonly isTime: () => boolean;
  readonly signal: AbortSignal;
}

/** What a scene depends on beside its situation and seed: another run of the same finds the scenes of this one. */
function configOf({ model, sha256, turns, atOnce }: OneRun, task: SceneTask, row: object) {
  return {
    ...{ format: 'dramatis-scenes', formatVersion: 1, task, ...row },
    ...{ turns, model: model.name, modelSha256: sha256 },
    // What is drawn beside others may differ in its last bits.
    ...(atOnce > 1 && { isShared: true }),
    versions: { dramatis: version(), commit: commit() },
  };
}

const runsFolder = ({ workspace }: OneRun): string => join(workspace.folders.runs, 'scenes');

/** The scenes of an arm that are there already, and where more are kept. */
export function armRun(
  run: OneRun,
  task: SceneTask,
  { policy, setting }: SceneArm,
): Promise<SceneRun> {
  const config = configOf(run, task, { policy, setting });
  const label = `${task}-${policy}-${setting}-${run.model.name}`;
  return SceneRun.open(runsFolder(run), label, {
    config,
    fresh: run.fresh,
    warn: warnIn(run.workspace),
  });
}

/** What models said of the plays' own turns. */
export function originalsRun(run: OneRun, task: SceneTask): Promise<SceneRun> {
  const config = configOf(run, task, { originals: true });
  const label = `${task}-originals-${run.model.name}`;
  return SceneRun.open(runsFolder(run), label, {
    config,
    fresh: run.fresh,
    warn: warnIn(run.workspace),
  });
}
