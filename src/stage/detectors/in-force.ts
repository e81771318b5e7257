import type { StageState } from '../state.ts';
import { attemptsOf } from './attempts.ts';

/** What detectors have changed for the turn that comes next. */
export interface InForce {
  /** Those who do not speak now. */
  readonly resting: readonly string[];
  /** Logits to add to somebody's score as the next speaker. */
  readonly nudges: ReadonlyMap<string, number>;
  /** To add to the temperature. */
  readonly temperature: number;
  /** How many drafts are drawn for somebody's turn, of which the best is spoken; missing for one. */
  readonly drafts: ReadonlyMap<string, number>;
}

/** What the alarms of a scene have changed for its next turn: by its events alone, so that a replay finds the same. */
export function inForce(state: StageState): InForce {
  const attempts = attemptsOf(state);
  const resting = new Set<string>();
  const nudges = new Map<string, number>();
  const drafts = new Map<string, number>();
  let temperature = 0;
  for (const { does, n } of state.alarms) {
    const since = attempts.filter((one) => one.n > n);
    if (does?.do === 'rest' && since.length < does.turns) resting.add(does.who);
    if (does?.do === 'nudge' && !since.some(({ who }) => who === does.who))
      nudges.set(does.who, (nudges.get(does.who) ?? 0) + does.logits);
    if (does?.do === 'temperature' && since.length < does.turns) temperature += does.by;
    if (does?.do === 'drafts') drafts.set(does.who, does.count);
  }
  return { resting: [...resting].sort(), nudges, temperature, drafts };
}
