import type { Play } from '../play/play.ts';
import { directorOf } from './director.ts';
import { directorContext, type Leanings } from './director-context.ts';
import type { NextEvent, Recorded } from './events.ts';
import type { Derivation } from './replay.ts';
import type { StageState } from './state.ts';

/**
 * The choices of a scene made again for `derive`, with no model: where one had scored the labels, its scores are taken from
 * the choice that was recorded.
 *
 * What a script or a detector chose is not made again, for it was no director's choice.
 *
 * @param leaningsOf What detectors and persons wanted, as the stage had it.
 */
export function choicesAgain(
  play: Play,
  leaningsOf: (state: StageState) => Leanings,
): NonNullable<Derivation['choose']> {
  return async (state, recorded) => {
    const { policy, isAddressing } = state.open?.director ?? { policy: 'human' as const };
    if (recorded.by === 'script' || recorded.by === 'detector') return undefined;
    if (policy === 'script' && recorded.by !== 'human') return undefined;
    const director = directorOf(recorded.by === 'human' ? 'human' : policy, {
      play,
      isAddressing,
      scorer: async () => recordedScores(recorded),
    });
    const named = recorded.by === 'human' ? recorded.chosen : undefined;
    const context = directorContext(state, { ...leaningsOf(state), named });
    const choice = await director.next(context);
    return choice.kind === 'next' ? choice : nobody(recorded);
  };
}

/** The one feature of each candidate under policy `model`. */
function recordedScores({ features = [] }: NextEvent): number[] {
  return features.map(([gain]) => gain ?? 0);
}

/** Where the director ends the scene or waits, a choice of somebody cannot be its own. */
function nobody({ by }: Recorded<NextEvent>): NextEvent {
  return { kind: 'next', candidates: [], probabilities: [], chosen: '', by };
}
