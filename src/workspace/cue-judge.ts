import { cueGains, cuePairs } from '../eval/cue-gain.ts';
import { noComponents } from '../eval/subject.ts';
import type { SceneTurn } from '../eval/task.ts';
import type { OpenedSource } from './open-source.ts';
import { openLoadedSubject } from './open-subject.ts';
import type { Workspace } from './workspace.ts';

/** By how many nats a turn is likelier after the turn before it than after other words of the conversation. */
interface TurnGain {
  /** Position of the turn. */
  readonly at: number;
  readonly gain: number;
  /** Length of the turn in UTF-8. */
  readonly bytes: number;
}

/** A bare model, which knows no persona and reads the page of the play, as judge of how turns answer each other. */
export interface CueJudge extends Disposable {
  /**
   * @param seed What the words that stand in are drawn by.
   * @param isAsked Which turns are judged; all unless given.
   */
  gainsOf(
    turns: readonly SceneTurn[],
    seed: string,
    isAsked?: (at: number) => boolean,
  ): Promise<readonly TurnGain[]>;
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
    async gainsOf(turns, seed, isAsked = () => true) {
      const pairs = cuePairs(turns, seed).filter(({ at }) => isAsked(at));
      if (pairs.length === 0) return [];
      const asked = pairs.flatMap(({ requests }) => requests);
      const { answers } = await subject.answerUnit(asked, signal);
      const gains = cueGains(pairs, answers);
      return pairs.map(({ at, bytes }, i) => ({ at, gain: gains[i]!, bytes }));
    },
    [Symbol.dispose]: () => loaded[Symbol.dispose](),
  };
}
