import type { Play } from '../play/play.ts';
import type { Policy } from './events.ts';
import { aba } from './policies/aba.ts';
import type { Choice, Chooser, DirectorContext, LabelScorer } from './policies/chooser.ts';
import { checkOnStage, imposed } from './policies/impose.ts';
import { byModel } from './policies/model.ts';
import { random } from './policies/random.ts';
import { roundRobin } from './policies/round-robin.ts';
import { type Script, scripted } from './policies/script.ts';
import { byTurnModel } from './policies/turn-model.ts';

export type { Choice, DirectorContext, LabelScorer, SaidTurn } from './policies/chooser.ts';

/** What the policies choose by. */
export interface DirectorOptions {
  /** The play of the cast: who is called by name, and who speaks much in it. */
  readonly play: Play;
  /** Needed by `model`. */
  readonly scorer?: LabelScorer | undefined;
  /** Needed by `script`. */
  readonly script?: Script | undefined;
}

/** Picks who speaks next. */
export interface Director {
  /**
   * A pure function of its context (and of the scorer, where there is one).
   *
   * @throws {DramatisError} NOT_ON_STAGE if nobody is on stage, or not the one who was named.
   */
  next(context: DirectorContext, signal?: AbortSignal): Promise<Choice>;
}

/** @throws {TypeError} If the policy needs an option that is missing. */
export function directorOf(policy: Policy, options: DirectorOptions): Director {
  const choose = chooserOf(policy, options);
  return {
    async next(context, signal) {
      checkOnStage(context);
      if (context.named !== undefined) return imposed(context, context.named, 'human');
      return choose(context, signal);
    },
  };
}

function chooserOf(policy: Policy, { play, scorer, script }: DirectorOptions): Chooser {
  switch (policy) {
    case 'turn-model':
      return byTurnModel(play);
    case 'silence':
      return byTurnModel(play);
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
