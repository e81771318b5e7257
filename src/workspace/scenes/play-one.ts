import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Cache } from '../../engine/session/cache.ts';
import { DramatisError } from '../../errors.ts';
import type { SceneArm } from '../../eval/scenes/scene-arms.ts';
import { seedOf } from '../../measure/statistics/prng.ts';
import { displayName, listOf } from '../../play/cast/display-name.ts';
import type { StageState } from '../../stage/state.ts';
import { parseLeverNames } from '../../steer/lever-names.ts';
import type { CompanyRequest } from '../open-company.ts';
import { type OpenedStage, openStage, type SceneRequest } from '../open-stage.ts';
import type { OneRun } from './one-run.ts';
import type { PlannedSituation } from './plan-scenes.ts';
import type { SceneRun } from './scene-run.ts';

/** A scene of a benchmark. */
export interface OneScene {
  readonly situation: PlannedSituation;
  readonly arm: SceneArm;
  /** Number of the scene among those of its situation, from 1: its seed is drawn by it. */
  readonly which: string;
  /** One that scenes at once share; missing for one of its own. */
  readonly cache: Cache | undefined;
}

/** Plays a scene to its end and judges it. One that is cut leaves nothing: drawn again it would be the same. */
export async function playOne(run: OneRun, one: OneScene, kept: SceneRun): Promise<void> {
  const { situation, which } = one;
  const { folders } = run.workspace;
  const workspace = { ...run.workspace, folders: { ...folders, conversations: kept.folder } };
  await using opened = await openStage(workspace, requestOf(run, one));
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
  { model, turns, signal }: OneRun,
  { situation, arm: { policy, change }, which, cache }: OneScene,
): SceneRequest & CompanyRequest {
  const { id, at, cast, playName } = situation;
  const { tags, adapters, ...rest } = change;
  return {
    ...{ names: cast, at, play: playName, policy, model: model.name, cache },
    ...rest,
    adapters: new Map(cast.map((name) => [name, adapters ? 'promoted' : 'none'])),
    ...(tags === false && { steer: parseLeverNames('-tags') }),
    limits: { turns },
    seed: seedOf(id, which),
    signal,
  };
}
