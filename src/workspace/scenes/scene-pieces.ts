import type { Cache } from '../../engine/session/cache.ts';
import { originalScenes } from '../../eval/scenes/original-scenes.ts';
import type { SceneArm } from '../../eval/scenes/scene-arms.ts';
import type { OneRun } from './one-run.ts';
import type { PlannedSituation, SceneTask } from './plan-scenes.ts';
import { playOne } from './play-one.ts';
import type { SceneRun } from './scene-run.ts';

/** What a run plays of one task. */
export interface TaskPlan {
  readonly task: SceneTask;
  readonly situations: readonly PlannedSituation[];
  readonly arms: readonly SceneArm[];
}

/** An arm and its scenes. */
export interface ArmRun {
  readonly arm: SceneArm;
  readonly run: SceneRun;
}

/** Something to be played or judged: what is missing of an arm, or of the plays' own turns. */
export interface Piece {
  readonly row: string;
  readonly isThere: boolean;
  run(): Promise<void>;
}

/** The names of a situation's scenes. */
export const seedNames = ({ seeds }: OneRun): string[] =>
  Array.from({ length: seeds }, (_, i) => String(i + 1));

/** The situations that an arm plays: adapters have learnt the train scenes, so no scene of those says how good they are. */
export function situationsOf({ situations }: TaskPlan, { change }: SceneArm) {
  return situations.filter(({ split }) => !(change.adapters && split === 'train'));
}

/** All situations at the first seed, then all at the next: a run that is cut has as many situations as it can. */
export function armPieces(
  run: OneRun,
  plan: TaskPlan,
  { arm, run: kept, cache }: ArmRun & { readonly cache: Cache | undefined },
): readonly Piece[] {
  return seedNames(run).flatMap((which) =>
    situationsOf(plan, arm).map((situation) => ({
      row: arm.name,
      isThere: kept.of(situation.id, which) !== undefined,
      run: () => playOne(run, { situation, arm, which, cache }, kept),
    })),
  );
}

/** The plays' own turns, to be judged as scenes are. */
export function originalPieces(run: OneRun, plan: TaskPlan, kept: SceneRun): readonly Piece[] {
  return plan.situations.flatMap(({ id, at, source }) =>
    originalScenes(source, { id, at }, run.turns)
      .filter(({ row }) => row !== 'swapped speakers') // it is there for the voices, which ask no model
      .map(({ row, ...conversation }) => ({
        row,
        isThere: kept.of(id, row) !== undefined,
        run: async () => {
          const judged = await run.judge.judge(source, { ...conversation, seed: id });
          await kept.add({ situation: id, which: row, judged });
        },
      })),
  );
}
