import { alphabet } from './alphabet.ts';
import { circles } from './circles.ts';
import { copying } from './copying.ts';
import { echo } from './echo.ts';
import { empty } from './empty.ts';
import type { Guard, GuardContext, GuardFinding, SaidTurn } from './guard.ts';
import { label } from './label.ts';
import { mask } from './mask.ts';
import { opening } from './opening.ts';
import { promptWords } from './prompt-words.ts';
import { repeat } from './repeat.ts';

/** Every guard, in the order in which they judge. */
export const guards: readonly Guard[] = [
  label,
  empty,
  alphabet,
  promptWords,
  mask,
  copying,
  repeat,
  opening,
  echo,
  circles,
];

/** What the first guard that objects has against a draft. */
export interface Verdict extends GuardFinding {
  /** Name of the guard. */
  readonly guard: string;
}

/** The verdict of the first guard that objects to a draft; undefined if it may be said. */
export function judge(draft: SaidTurn, context: GuardContext): Verdict | undefined {
  for (const guard of guards) {
    const finding = guard.judge(draft, context);
    if (finding) return { guard: guard.name, ...finding };
  }
  return undefined;
}

/** What of a draft may be said. */
export interface JudgedDraft {
  /** Empty if it is struck. */
  readonly text: string;
  /** Why the draft is struck whole. */
  readonly struck?: Verdict | undefined;
  /** Why its end was cut off, for the log. */
  readonly cut?: Verdict | undefined;
}

/** Judges a draft, cuts it where a guard says so, and judges what is left: it is struck whole or from the cut on, never in the middle. */
export function judgeAndCut(draft: SaidTurn, context: GuardContext): JudgedDraft {
  const first = judge(draft, context);
  if (!first) return { text: draft.text };
  if (first.cutAt === undefined) return { text: '', struck: first };
  const text = draft.text.slice(0, first.cutAt).trimEnd();
  const struck = judge({ ...draft, text }, context);
  return struck ? { text: '', struck, cut: first } : { text, cut: first };
}
