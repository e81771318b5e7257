import type { SplitPart } from '../../corpus/splits/scene-split.ts';
import { DramatisError } from '../../errors.ts';
import { makeSituations, type StageSituation, situations } from '../../stage/situations.ts';
import { type OpenedSource, openSource } from '../open-source.ts';
import type { Workspace } from '../workspace.ts';

/** Benchmarks of scenes that are played. */
export const sceneTasks = ['duet', 'quartet'] as const;
export type SceneTask = (typeof sceneTasks)[number];

/** Which situations are played. */
export interface SituationChoice {
  /** Id of a play or a file of one; by default the plays of data/situations.jsonl. */
  readonly play?: string | undefined;
  /** Only those whose scenes are in this part of their play. */
  readonly split?: SplitPart | undefined;
  /** So many of each task, at most. */
  readonly limit?: number | undefined;
}

/** A situation with the play that it is of. */
export interface PlannedSituation extends StageSituation {
  readonly source: OpenedSource;
  /** What the play is opened by: an id or a file. */
  readonly playName: string;
}

/**
 * The situations of each task, by rule for a play that data/situations.jsonl has none of.
 *
 * @throws {DramatisError} NO_ITEMS if a task has none; what opening a play throws.
 */
export async function planSituations(
  workspace: Workspace,
  tasks: readonly SceneTask[],
  { play, split, limit }: SituationChoice,
  signal: AbortSignal,
): Promise<ReadonlyMap<SceneTask, readonly PlannedSituation[]>> {
  const noted = situations();
  const ids = play === undefined ? [...new Set(noted.map((one) => one.play))] : [play];
  const sources = new Map<string, { readonly source: OpenedSource; readonly playName: string }>();
  for (const id of ids) {
    const source = await openSource(workspace, { play: id }, signal);
    sources.set(source.id, { source, playName: id });
  }
  const isNoted = [...sources.keys()].every((id) => noted.some((one) => one.play === id));
  const all = isNoted ? noted : makeSituations([...sources.values()].map(({ source }) => source));
  return new Map(
    tasks.map((task) => {
      const people = task === 'duet' ? 2 : 4;
      const found = all
        .filter(({ cast }) => cast.length === people)
        .filter((one) => split === undefined || one.split === split)
        .flatMap((one): PlannedSituation[] => {
          const opened = sources.get(one.play);
          return opened ? [{ ...one, ...opened }] : [];
        })
        .slice(0, limit);
      if (found.length > 0) return [task, found];
      const where = split === undefined ? '' : ` in the ${split} scenes`;
      throw new DramatisError(
        'NO_ITEMS',
        `${task} has no situation${where} of ${ids.join(' and ')}: nowhere do ${people} people speak on`,
      );
    }),
  );
}
