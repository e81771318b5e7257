import { type CuedTurn, cuedTurns, cuePairs } from '../eval/cue-gain.ts';
import { noComponents } from '../eval/subject.ts';
import type { SceneTurn } from '../eval/task.ts';
import type { OpenedSource } from './open-source.ts';
import { openLoadedSubject } from './open-subject.ts';
import type { Workspace } from './workspace.ts';

/** A turn, judged. */
interface JudgedTurn extends CuedTurn {
  /** Position of the turn. */
  readonly at: number;
  /** Length of the turn in UTF-8. */
  readonly bytes: number;
}

/** A bare model, which knows no persona and reads the page of the play, as judge of how turns answer each other. */
export interface CueJudge extends Disposable {
  /**
   * @param seed What the words that stand in are drawn by.
   * @param isAsked Which turns are judged; all unless given.
   */
  judge(
    turns: readonly SceneTurn[],
    seed: string,
    isAsked?: (at: number) => boolean,
  ): Promise<readonly JudgedTurn[]>;
}

/** @throws {DramatisError} What opening the model throws. */
export async function openCueJudge(
  workspace: Workspace,
  model: string | undefined,
  { source, signal }: { readonly source: OpenedSource; readonly signal: AbortSignal },
): Promise<CueJudge> {
  const loaded = await openLoadedSubject(workspace, {
    ...{ adapterScale: 1, model, levers: noComponents, form: 'script', signal },
    whom: { play: source.id, character: null },
  });
  const subject = await loaded.forPart(source, null);
  return {
    async judge(turns, seed, isAsked = () => true) {
      const pairs = cuePairs(turns, seed).filter(({ at }) => isAsked(at));
      if (pairs.length === 0) return [];
      const asked = pairs.flatMap(({ requests }) => requests);
      const { answers } = await subject.answerUnit(asked, signal);
      const cued = cuedTurns(pairs, answers);
      return pairs.map(({ at, bytes }, i) => ({ at, bytes, ...cued[i]! }));
    },
    [Symbol.dispose]: () => loaded[Symbol.dispose](),
  };
}
