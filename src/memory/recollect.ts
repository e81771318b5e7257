import { words } from '../play/words.ts';
import type { Memory, RecallOptions } from './memory.ts';
import type { Recalled, Recollection } from './recalled.ts';
import { saysNothingAlone } from './word-index.ts';

/** How much comes to mind at a question: a small model reads three lines well, and mixes up six. */
export interface RecallBudget {
  /** Facts at most. */
  readonly digests: number;
  /** Exchanges that show the facts, at most. */
  readonly windows: number;
  /** Speeches at most; only in a play without digests. */
  readonly speeches: number;
  /** Words of all that is recalled, at most: a word takes about 1.35 tokens. */
  readonly words: number;
}

export const defaultBudget: RecallBudget = { digests: 3, windows: 0, speeches: 3, words: 200 };

export interface RecollectOptions extends Omit<RecallOptions, 'limit' | 'kinds'> {
  /** What differs from `defaultBudget`. */
  readonly budget?: Partial<RecallBudget> | undefined;
}

/** Above it, both searches of the memory found a passage, by its words and by its meaning. */
const aptScore = 0.5;

/** What comes to a character's mind at a question, within a budget; nothing rather than what does not fit. */
export async function recollect(
  memory: Memory,
  question: string,
  { budget, ...options }: RecollectOptions,
): Promise<Recollection> {
  const most = { ...defaultBudget, ...budget };
  if (saysNothingAlone(question)) return { items: [] };
  const kind = memory.digests ? 'digest' : 'speech';
  const limit = memory.digests ? most.digests : most.speeches;
  const found = await memory.recall(question, { ...options, kinds: [kind], limit });
  // What only one of the two searches found is seldom to the point, and a small model loses the thread
  // over it; one such passage is the most it bears.
  const apt = found.filter(({ score }) => score > aptScore);
  return { items: within(most.words, apt.length > 0 ? apt : found.slice(0, 1)) };
}

/** As many of the first items as have no more words than that. */
function within(most: number, items: readonly Recalled[]): Recalled[] {
  let total = 0;
  return items.filter(({ text }) => {
    total += words(text).length;
    return total <= most;
  });
}
