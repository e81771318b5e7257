import { inForce } from './detectors/in-force.ts';
import type { DirectorContext } from './policies/chooser.ts';
import type { StageState } from './state.ts';

/**
 * What a director chooses by as a scene stands: read off its events alone, so that a replay finds the same.
 *
 * @param silent Those who were to speak this turn and had nothing to say.
 */
export function directorContext(
  state: StageState,
  { named, silent = [] }: { readonly named?: string | undefined; readonly silent?: readonly string[] } = {},
): DirectorContext {
  const { resting, nudges } = inForce(state);
  return {
    turns: state.turns,
    onStage: state.onStage,
    entered: entrancesOf(state),
    nudges,
    resting: [...new Set([...resting, ...silent])].sort(),
    named,
    seed: state.open?.seed ?? 0,
    turn: state.turns.length,
  };
}

/** How many turns had been spoken when each came on last; nothing of those who were there before the first turn. */
function entrancesOf({ counting }: StageState): ReadonlyMap<string, number> {
  const entered = new Map<string, number>();
  let turns = 0;
  for (const event of counting) {
    if (event.kind === 'turn') turns++;
    if (event.kind === 'enter' && turns > 0)
      for (const name of event.who) entered.set(name, turns);
  }
  return entered;
}
