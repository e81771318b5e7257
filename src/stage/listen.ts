import { DramatisError } from '../errors.ts';
import { limitReached, longestTurn } from './limits.ts';
import type { Performer } from './performer.ts';
import type { StageState } from './state.ts';
import { roomFor } from './take-turn.ts';
import { viewOf } from './view.ts';

/**
 * Lets everybody on stage read what they have heard but for the last line, before which they may yet recall something: who
 * has been silent for long need not read all of it when their turn comes. No word comes out otherwise: see `Session.readAhead`.
 */
export async function listen(
  state: StageState,
  performers: ReadonlyMap<string, Performer>,
  signal?: AbortSignal,
): Promise<void> {
  if (limitReached(state)) return; // nobody speaks any more
  const maxTokens = state.open?.maxTokens ?? longestTurn;
  for (const [name, { actor }] of performers) {
    if (!state.onStage.includes(name)) continue;
    const turns = viewOf(state, name).lines.slice(0, -1);
    try {
      await actor.hear({ turns, at: actor.at }, roomFor(actor, maxTokens), signal);
    } catch (error) {
      // What keeps somebody from hearing is told when they are to speak, if they ever are.
      if (!(error instanceof DramatisError)) throw error;
    }
  }
}
