import { asksOfYouNow } from '../memory/asking.ts';
import type { Memory } from '../memory/memory.ts';
import type { Recollection } from '../memory/recalled.ts';
import { type RecallBudget, recollect } from '../memory/recollect.ts';
import { saysNothingAlone } from '../memory/word-index.ts';
import type { Place } from '../play/play.ts';
import { type Turn, VISITOR } from '../prompt/prompt.ts';
import { withWhomItMeans } from './whom-it-means.ts';

/** Who is to answer, and what. */
export interface TurnToAnswer {
  readonly turns: readonly Turn[];
  /** Cast name. */
  readonly speaker: string;
  /** The point in the story that memory stands at; without one, all of the play is over. */
  readonly at?: Place | undefined;
  /** What differs from `defaultBudget`. */
  readonly budget?: Partial<RecallBudget> | undefined;
  /** See `RecollectOptions`. */
  readonly isGated?: boolean | undefined;
}

/**
 * What a character recalls at the last turn, whoever asks: a visitor in a conversation, another in a scene, a benchmark.
 *
 * Without a point in the story nothing is recalled at the words of a scene: it could be the very words asked about.
 */
export async function recallForTurn(
  memory: Memory,
  { turns, speaker, at, budget, isGated }: TurnToAnswer,
  signal?: AbortSignal,
): Promise<Recollection> {
  const last = turns.at(-1);
  if (!last || (at === undefined && last.speaker !== VISITOR)) return { items: [] };
  const isAsked = last.speaker === VISITOR;
  const query = { character: speaker, before: at, budget, isGated, isAsked, signal };
  if (!isAsked) return recollect(memory, last.text, query);
  const lines = turns
    .slice(0, -1)
    .map((turn) => ({ text: turn.text, isOwn: turn.speaker === speaker }))
    .reverse();
  const asked = withWhomItMeans(last.text, lines, memory.properNames());
  if (!needsTheOneBefore(asked)) return recollect(memory, asked, query);
  const before = turns.slice(0, -1).findLast((turn) => turn.speaker === VISITOR);
  return recollect(memory, before ? `${before.text}\n${last.text}` : last.text, query);
}

/** Whether a question says what it is about only together with the one before, such as "And why?"; "Who are you?" does not. */
function needsTheOneBefore(text: string): boolean {
  return saysNothingAlone(text) && !asksOfYouNow(text);
}
