import type { Director } from './director.ts';
import { type Policy, policies, type Recorded } from './events.ts';
import type { DirectorContext } from './policies/chooser.ts';
import type { Derivation } from './replay.ts';
import type { StageState } from './state.ts';

/** What bends the next choice alone. */
export type Bend = Partial<Pick<DirectorContext, 'nudges' | 'resting' | 'named'>>;

/**
 * What a director chooses by, of a scene as it stands: the loop and a replay that checks its draws ask with the same.
 *
 * Each choice has a number of its own, also where the one before was followed by silence; one that an undo takes back is
 * drawn again as it was.
 */
export function directorContext(
  state: StageState,
  { nudges = new Map(), resting = [], named }: Bend = {},
): DirectorContext {
  const { turns, onStage, open, counting } = state;
  return {
    turns: turns.map(({ who, text, to }) => ({ who, text, to })),
    onStage,
    entered: enteredAt(state),
    nudges,
    resting: [...new Set([...resting, ...passedBy(counting)])].sort(),
    named,
    policy: policySet(state),
    seed: open?.seed ?? 0,
    turn: counting.filter(({ kind }) => kind === 'next').length,
  };
}

/** The policy that a lever has set since a scene was opened; undefined where none has. */
export function policySet({ levers }: Pick<StageState, 'levers'>): Policy | undefined {
  return policies.find((name) => name === levers.policy);
}

/** How many turns had been spoken when each of those on stage came on; missing for those who were there before the first. */
function enteredAt({ counting }: StageState): ReadonlyMap<string, number> {
  const entered = new Map<string, number>();
  const here = new Set<string>();
  let turns = 0;
  for (const event of counting) {
    if (event.kind === 'turn') turns++;
    if (event.kind === 'enter')
      for (const name of event.who) {
        if (!here.has(name) && turns > 0) entered.set(name, turns);
        here.add(name);
      }
    if (event.kind === 'exit')
      for (const name of event.who) {
        here.delete(name);
        entered.delete(name);
      }
  }
  return entered;
}

/**
 * Those who were chosen since the last turn and let it pass: all that they drafted was struck, or they were asked and did
 * not answer. Somebody else is to speak before they are chosen again.
 */
function passedBy(counting: readonly Recorded[]): string[] {
  const since = counting.slice(counting.findLastIndex(({ kind }) => kind === 'turn') + 1);
  return since.flatMap((event, at) => {
    if (event.kind !== 'next') return [];
    const isPassed = since
      .slice(at + 1)
      .some(
        (later) => (later.kind === 'struck' || later.kind === 'ask') && later.who === event.chosen,
      );
    return isPassed ? [event.chosen] : [];
  });
}

/**
 * `Derivation.choose` of a director that knows no model: its own choices and those that a person made are worked out again,
 * those of a detector and of a model are not.
 *
 * @param bentBy What bent the choice, by the events of the scene alone.
 */
export function rechosenBy(
  director: Director,
  bentBy: (state: StageState) => Bend,
): NonNullable<Derivation['choose']> {
  return async (state, { by, chosen }) => {
    if (by === 'model' || by === 'detector') return undefined;
    const named = by === 'human' ? { named: chosen } : {};
    const choice = await director.next(directorContext(state, { ...bentBy(state), ...named }));
    return choice.kind === 'next' ? choice : undefined;
  };
}
