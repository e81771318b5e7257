import type { Play } from '../play/play.ts';
import { addresseeOf } from './addressee.ts';
import type { Policy } from './events.ts';
import { aba } from './policies/aba.ts';
import type { Choice, Chooser, DirectorContext, LabelScorer } from './policies/chooser.ts';
import { checkOnStage, imposed } from './policies/impose.ts';
import { byModel } from './policies/model.ts';
import { random } from './policies/random.ts';
import { roundRobin } from './policies/round-robin.ts';
import { type Script, scripted } from './policies/script.ts';
import { orSilence } from './policies/silence.ts';
import { byTurnModel } from './policies/turn-model.ts';
import { type KnownCast, knownCast } from './turn-features.ts';
import { shippedTurnModel } from './turn-model.ts';

export type { Choice, DirectorContext, SaidTurn } from './policies/chooser.ts';

/** What the policies choose by. */
export interface DirectorOptions {
  /** The play of the cast: who is called by name, and who speaks much in it. */
  readonly play: Play;
  /** Needed by `model`. */
  readonly scorer?: LabelScorer | undefined;
  /** Needed by `script`. */
  readonly script?: Script | undefined;
  /** Whether it is chosen too whom a turn is meant for. */
  readonly isAddressing?: boolean | undefined;
}

/** Picks who speaks next. */
export interface Director {
  /**
   * A pure function of its context (and of the scorer, where there is one).
   *
   * @throws {DramatisError} NOT_ON_STAGE if nobody is on stage, or not the one who was named.
   * @throws {TypeError} If the policy that was set in mid-scene needs an option that is missing.
   */
  next(context: DirectorContext, signal?: AbortSignal): Promise<Choice>;
}

/** @throws {TypeError} If the policy needs an option that is missing. */
export function directorOf(policy: Policy, options: DirectorOptions): Director {
  const { play, isAddressing = false } = options;
  const cast = knownCast(play);
  const choosers = new Map<Policy, Chooser>();
  const chooserFor = (name: Policy): Chooser => {
    const chooser = choosers.get(name) ?? chooserOf(name, cast, options);
    choosers.set(name, chooser);
    return chooser;
  };
  chooserFor(policy); // what it needs must be there
  return {
    async next(context, signal) {
      checkOnStage(context);
      const choice =
        context.named === undefined
          ? await chooserFor(context.policy ?? policy)(context, signal)
          : imposed(context, context.named, 'human');
      if (!isAddressing || choice.kind !== 'next') return choice;
      return { ...choice, to: addresseeOf(context, choice.chosen, cast, shippedTurnModel()) };
    },
  };
}

function chooserOf(policy: Policy, cast: KnownCast, { scorer, script }: DirectorOptions): Chooser {
  switch (policy) {
    case 'turn-model':
      return byTurnModel(cast);
    case 'silence':
      return orSilence(cast);
    case 'model':
      return byModel(needed(scorer, 'model', 'a scorer of labels'));
    case 'round-robin':
      return roundRobin;
    case 'aba':
      return aba;
    case 'random':
      return random;
    case 'script':
      return scripted(needed(script, 'script', 'the order of a script'));
    case 'human':
      return async () => ({ kind: 'wait' });
  }
}

function needed<T>(option: T | undefined, policy: Policy, what: string): T {
  if (option === undefined) throw new TypeError(`the policy "${policy}" needs ${what}`);
  return option;
}
