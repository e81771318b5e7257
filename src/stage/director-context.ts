import type { DirectorContext } from './director.ts';
import type { StageState } from './state.ts';

/** What bears on the next choice and is not read off the turns: what detectors and persons want. */
export interface Leanings {
  /** Logits to add to somebody's score. */
  readonly nudges?: ReadonlyMap<string, number> | undefined;
  /** Those who do not speak now. */
  readonly resting?: readonly string[] | undefined;
  /** Whom a person wants to speak next. */
  readonly named?: string | undefined;
}

/** What a director chooses by, of a scene as it stands: stage and replay find the same from the same events. */
export function directorContext(
  state: StageState,
  { nudges = new Map(), resting = [], named }: Leanings = {},
): DirectorContext {
  return {
    turns: state.turns.map(({ who, text, to }) => ({ who, text, to })),
    onStage: state.onStage,
    entered: entrances(state),
    nudges,
    resting: [...new Set([...resting, ...passedBy(state)])].sort(),
    named,
    seed: state.open?.seed ?? 0,
    turn: state.turns.length,
  };
}

/** How many turns had been spoken when each of those on stage came on last. */
function entrances({ counting }: StageState): ReadonlyMap<string, number> {
  const entered = new Map<string, number>();
  let turns = 0;
  for (const event of counting) {
    if (event.kind === 'turn') turns++;
    if (event.kind === 'exit') for (const name of event.who) entered.delete(name);
    if (event.kind === 'enter')
      for (const name of event.who) if (!entered.has(name)) entered.set(name, turns);
  }
  return entered;
}

/** Those who were chosen since the last turn and let it pass: all that they drafted was struck, or they were asked in vain. */
function passedBy({ counting }: StageState): string[] {
  const since = counting.slice(counting.findLastIndex(({ kind }) => kind === 'turn') + 1);
  return since.flatMap((event, at) => {
    if (event.kind !== 'next') return [];
    const after = since.slice(at + 1);
    const isPassed = after.some(
      (later) => (later.kind === 'struck' || later.kind === 'ask') && later.who === event.chosen,
    );
    return isPassed ? [event.chosen] : [];
  });
}
