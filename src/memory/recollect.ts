import { words } from '../play/words.ts';
import { askingOf } from './asking.ts';
import type { DigestPart } from './digest-part.ts';
import { judgeKnowing, leastKnown } from './gate.ts';
import type { Memory, RecallOptions } from './memory.ts';
import type { Match, Remembering } from './memory-part.ts';
import type { Recalled, Recollection } from './recalled.ts';
import { windowShowing } from './window-showing.ts';
import { isGreeting, saysNothingAlone } from './word-index.ts';

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
  /** Whether nothing is recalled at a question that is taken for unknown; else the verdict is only reported. Default: true. */
  readonly isGated?: boolean | undefined;
}

/**
 * Scores from which on a fact is recalled: of those that answer a question of data/questions none scores less. Words that
 * ask for no fact recall only what they are much like, such as what was felt or done for love at "Do you love Ophelia?".
 */
const leastScore = { fact: leastKnown, own: 0.65, talk: 0.8, empty: 0.85 } as const;
/**
 * Share of the best fact's score from which on others are recalled beside it. Of 182 questions of data/questions that one of
 * three facts answers, 181 are answered by one this near; there are then 2.2 facts to a question and not 2.7, which are
 * fewer to mix up and sooner read.
 */
const nearBest = 0.9;

/** A speech that both searches found, by its words and by its meaning, has more. */
const leastSpeechScore = 0.5;

/**
 * What comes to a character's mind at a question, within a budget; nothing rather than what does not fit.
 *
 * Needs the vectors of facts alone in a play that has any, so that it is the same whatever else has been embedded.
 */
export async function recollect(
  memory: Memory,
  question: string,
  { budget, ...options }: RecollectOptions,
): Promise<Recollection> {
  const most = { ...defaultBudget, ...budget };
  if (options.isGated !== false && memory.namesLater(question))
    return { items: [], knowing: { isKnown: false, isStrange: true } };
  const isEmpty = saysNothingAlone(question) || isGreeting(question);
  if (memory.digests)
    return recollectFacts(memory, memory.digests, question, { most, isEmpty, ...options });
  if (isEmpty) return { items: [] };
  const limit = { kinds: ['speech'], limit: most.speeches } as const;
  const found = await memory.recall(question, { ...options, ...limit });
  return {
    items: within(
      most.words,
      found.filter(({ score }) => score > leastSpeechScore),
    ),
  };
}

interface FactOptions extends Omit<RecollectOptions, 'budget'> {
  readonly most: RecallBudget;
  /** Whether the question has no word that tells what it is about, such as "Who are you?": only a card answers that. */
  readonly isEmpty: boolean;
}

async function recollectFacts(
  memory: Memory,
  digests: DigestPart,
  question: string,
  { most, isEmpty, character, before, isGated = true, signal }: FactOptions,
): Promise<Recollection> {
  const who = { character, before };
  const [told] = await memory.phrase([digests.told(question, character)], signal);
  const found = await digests.compare(told!, who, { signal });
  const asking = askingOf(question);
  const verdict =
    asking === 'fact' && !isEmpty
      ? { knowing: judgeKnowing(found, memory.isStrange(question), digests) }
      : {};
  if (isGated && verdict.knowing?.isKnown === false) return { items: [], ...verdict };
  const best = found.known[0]?.score ?? 0;
  const least = Math.max(leastScore[isEmpty ? 'empty' : asking], nearBest * best);
  const apt = found.known
    .filter(({ score, item }) => score >= least && (!isEmpty || digests.digests[item]!.isOfCard))
    .slice(0, most.digests);
  const facts = apt.map((match) => ({ ...digests.recalled(match.item, who), score: match.score }));
  const items = [...facts, ...windowsFor(memory, apt, question, { most, who })];
  return { items: within(most.words, items), ...verdict };
}

/** The exchanges in which the facts are shown or told, each once, as long as there is room for more. */
function windowsFor(
  memory: Memory,
  facts: readonly Match[],
  question: string,
  { most, who }: { readonly most: RecallBudget; readonly who: Remembering },
): Recalled[] {
  const shown = new Map<number, Recalled>();
  for (const { item, score } of facts) {
    if (shown.size >= most.windows) break;
    const digest = memory.digests!.digests[item]!;
    const window = windowShowing(memory.said('window'), digest, { question, who });
    if (window !== undefined && !shown.has(window))
      shown.set(window, { ...memory.said('window').recalled(window), score });
  }
  return [...shown.values()];
}

/** The first items, as long as they have no more words than that together. */
function within(most: number, items: readonly Recalled[]): Recalled[] {
  let total = 0;
  const over = items.findIndex(({ text }) => {
    total += words(text).length;
    return total > most;
  });
  return items.slice(0, over < 0 ? items.length : over);
}
