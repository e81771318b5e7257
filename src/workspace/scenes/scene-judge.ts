import type { SceneTurn } from '../../eval/task.ts';
import { embeddingModel } from '../../hub/catalogue.ts';
import type { Values } from '../../measure/row.ts';
import { type CueJudge, openCueJudge } from '../cue-judge.ts';
import { meaningOf } from '../measure-meaning.ts';
import { openModel } from '../open-model.ts';
import type { OpenedSource } from '../open-source.ts';
import type { Workspace } from '../workspace.ts';

/** What models say of conversations: cue gain by the bare model of the scenes, the rest by the embedding model. */
export interface SceneJudge extends Disposable {
  /**
   * Figures of a conversation by the names of `sceneMeasures`.
   *
   * @param opening Turns before it, which are not judged.
   */
  judge(
    source: OpenedSource,
    conversation: {
      readonly opening: readonly SceneTurn[];
      readonly turns: readonly SceneTurn[];
      readonly seed: string;
    },
  ): Promise<Values>;
}

/** Turns of a conversation that are judged by how they answer the one before, at most, evenly spread over it. */
const cuedTurns = 8;

/** @throws {DramatisError} What opening the models throws. */
export async function openSceneJudge(
  workspace: Workspace,
  model: string | undefined,
  signal: AbortSignal,
): Promise<SceneJudge> {
  const embedding = await openModel(workspace, embeddingModel, signal);
  const held: Disposable[] = [embedding];
  const embedder = await embedding.model.embedder();
  held.push(embedder);
  const judges = new Map<string, CueJudge>();
  const cueJudgeOf = async (source: OpenedSource): Promise<CueJudge> => {
    let judge = judges.get(source.id);
    if (!judge) {
      judge = await openCueJudge(workspace, model, { source, signal });
      held.push(judge);
      judges.set(source.id, judge);
    }
    return judge;
  };
  /** Scenes that are played at once are judged one after another: their sessions are asked one thing at a time. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const mine = last.then(task);
    last = mine.catch(() => {});
    return mine;
  };
  const judgeNow: SceneJudge['judge'] = async (source, { opening, turns, seed }) => {
    const cues = await cueJudgeOf(source);
    const every = Math.max(1, Math.ceil(turns.length / cuedTurns));
    const from = opening.length;
    const judged = await cues.judge(
      [...opening, ...turns],
      seed,
      (at) => at >= from && (at - from) % every === 0,
    );
    const total = (name: 'gain' | 'surprise' | 'bytes'): number =>
      judged.reduce((sum, one) => sum + one[name], 0);
    return {
      ...(await meaningOf(turns, embedder, signal)),
      ...(judged.length > 0 && {
        'cue gain': total('gain') / total('bytes'),
        surprise: total('surprise') / total('bytes'),
      }),
    };
  };
  return {
    judge: (...asked) => inTurn(() => judgeNow(...asked)),
    [Symbol.dispose]: () => {
      for (const one of held.splice(0).reverse()) one[Symbol.dispose]();
    },
  };
}
