import type { Chooser, SaidTurn } from './chooser.ts';
import { imposed } from './impose.ts';

/** Whose turns follow each other, as lines that are there already have it. */
export interface Script {
  /** Cast names, one for each turn. */
  readonly order: readonly string[];
  /** How many turns of the scene stand before the script begins. */
  readonly after: number;
}

/** The speakers of a script, one after the other, to its end: a turn that somebody else puts in does not shift it. */
export function scripted(script: Script): Chooser {
  return async (context) => {
    const at = scriptPosition(script, context.turns);
    const name = script.order[at];
    if (name === undefined) return { kind: 'end', reason: 'script' };
    if (context.onStage.includes(name)) return imposed(context, name, 'script');
    const detail = `turn ${at + 1} of the script is ${name}'s, who is not on stage`;
    return { kind: 'end', reason: 'script', detail };
  };
}

/** How many turns of a script have been spoken. */
function scriptPosition({ order, after }: Script, turns: readonly SaidTurn[]): number {
  let at = 0;
  for (const { who } of turns.slice(after)) if (who === order[at]) at++;
  return at;
}
