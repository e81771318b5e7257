import { words } from '../play/words.ts';
import { askingOf } from './asking.ts';
import { bareWeights, gateWeights, judgeKnowing } from './gate.ts';
import type { Memory, RecallOptions } from './memory.ts';
import type { Found, Match, Phrasing, Remembering } from './memory-part.ts';
import type { FactScore, Recalled, Recollection } from './recalled.ts';
import { asksSomething } from './told-speech.ts';
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
  /** Whether a visitor asks, who is answered from what is recalled: then speeches are told as facts are, where there are few. */
  readonly isAsked?: boolean | undefined;
}

/**
 * Scores from which on a fact is recalled: of those that answer a question of data/questions none scores less. Words that
 * ask for no fact recall only what they are much like, such as what was felt or done for love at "Do you love Ophelia?".
 */
const leastScore = { own: 0.65, talk: 0.8, empty: 0.85 } as const;
/**
 * Share of the best fact's score from which on others are recalled beside it. Of 192 questions of data/questions one of three
 * facts this near answers 178, where any three answer 179, with 29 words to a question and not 36: they are fewer to mix up
 * and sooner read. Speeches and facts without questions lie closer together.
 */
const nearBest = { asked: 0.94, bare: 0.9 } as const;

/** What a speech that ends with a question is worth beside one that tells: it is like any question. */
const questionWorth = 0.9;

/** A speech that both searches found, by its words and by its meaning, has more. */
const leastSpeechScore = 0.5;

/** Nothing of a name that nobody in the play can know. */
const strange: Recollection = { items: [], knowing: { isKnown: false, isStrange: true } };

/**
 * What comes to a character's mind at a question, within a budget; nothing rather than what does not fit.
 *
 * Needs the vectors of facts alone where they have questions of their own, so that it is the same whatever else has been
 * embedded.
 */
export async function recollect(
  memory: Memory,
  question: string,
  { budget, ...options }: RecollectOptions,
): Promise<Recollection> {
  const most = { ...defaultBudget, ...budget };
  if (options.isGated !== false && memory.namesLater(question)) return strange;
  const isEmpty = saysNothingAlone(question) || isGreeting(question);
  const tells = memory.asksSpeeches && options.isAsked === true;
  const asksFact = tells && !isEmpty && askingOf(question) === 'fact';
  // Facts weigh a strange name against what fits; where there are none, nothing can fit a name that stands nowhere.
  if (!memory.digests && asksFact && options.isGated !== false && memory.isStrange(question))
    return strange;
  if (memory.digests || asksFact) {
    const found = await recollectFacts(memory, question, { most, isEmpty, tells, ...options });
    if (memory.digests || found.items.length > 0) return found;
  }
  return isEmpty ? { items: [] } : recollectSpeeches(memory, question, most, options);
}

/** Speeches as they were said. */
async function recollectSpeeches(
  memory: Memory,
  question: string,
  most: RecallBudget,
  options: RecallOptions,
): Promise<Recollection> {
  const limit = { kinds: ['speech'], limit: most.speeches } as const;
  const found = await memory.recall(question, { ...options, ...limit });
  const apt = found.filter(({ score }) => score > leastSpeechScore);
  return { items: within(most.words, apt) };
}

interface FactOptions extends Omit<RecollectOptions, 'budget'> {
  readonly most: RecallBudget;
  /** Whether the question has no word that tells what it is about, such as "Who are you?": only a card answers that. */
  readonly isEmpty: boolean;
  /** Whether speeches stand beside the facts, worded as facts are. */
  readonly tells: boolean;
}

async function recollectFacts(
  memory: Memory,
  question: string,
  { most, isEmpty, tells, character, before, isGated = true, signal }: FactOptions,
): Promise<Recollection> {
  const who = { character, before };
  const [told] = await memory.phrase([memory.told(question, character)], signal);
  const asking = askingOf(question);
  const weights = memory.digests?.hasAsks === false ? bareWeights : gateWeights;
  const { known, unknown } = await fitting(memory, told!, who, {
    tells: tells && !isEmpty && asking === 'fact',
    signal,
  });
  const verdict =
    memory.digests && asking === 'fact' && !isEmpty
      ? {
          knowing: judgeKnowing(
            {
              known: figureOf(memory, known[0]),
              unknown: figureOf(
                memory,
                unknown.find((match) => !isOwnAffair(memory, match, question, character)),
              ),
              isStrange: memory.isStrange(question),
            },
            weights,
          ),
        }
      : {};
  if (isGated && verdict.knowing?.isKnown === false) return { items: [], ...verdict };
  const kind = isEmpty ? 'empty' : asking;
  const apart = kind === 'fact' ? weights.least : leastScore[kind];
  const least = Math.max(
    apart,
    nearBest[weights === bareWeights ? 'bare' : 'asked'] * (known[0]?.score ?? 0),
  );
  const apt = known
    .filter(
      (match) =>
        match.score >= least &&
        (!isEmpty || (match.kind === 'digest' && memory.digests!.digests[match.item]!.isOfCard)),
    )
    .slice(0, most.digests);
  const facts = apt.map((match) => ({
    ...(match.kind === 'digest'
      ? memory.digests!.recalled(match.item, who)
      : memory.toldSpeech(match.item, question, who)),
    score: match.score,
  }));
  const shown = apt.filter(({ kind }) => kind === 'digest');
  const items = [...facts, ...windowsFor(memory, shown, question, { most, who })];
  return { items: within(most.words, items), ...verdict };
}

/** A fact, or a speech that stands for one. */
interface FactMatch extends Match {
  readonly kind: 'digest' | 'speech';
}

/** The facts that fit a question, and the speeches, if they are told, best first. */
async function fitting(
  memory: Memory,
  told: Phrasing,
  who: Remembering,
  { tells, signal }: { readonly tells: boolean; readonly signal: AbortSignal | undefined },
): Promise<Record<keyof Found, FactMatch[]>> {
  const facts = await memory.digests?.compare(told, who, { signal });
  const speeches = tells ? await memory.said('speech').compare(told, who, { signal }) : undefined;
  const together = (which: keyof Found): FactMatch[] =>
    [
      ...(facts?.[which] ?? []).map((match) => ({ ...match, kind: 'digest' as const })),
      ...(speeches?.[which] ?? []).map(({ item, score }) => {
        const isQuestion = asksSomething(memory.passages[item]!.text);
        return { item, score: isQuestion ? questionWorth * score : score, kind: 'speech' as const };
      }),
    ].sort((a, b) => b.score - a.score);
  return { known: together('known'), unknown: together('unknown') };
}

/**
 * Whether something that somebody has not heard is about themself, and they are asked about themself: where speeches are
 * asked, most of that is what others say of them behind their back, and what it tells they know.
 */
function isOwnAffair(
  memory: Memory,
  { kind, item }: FactMatch,
  question: string,
  character: string,
): boolean {
  if (!memory.asksSpeeches || !asksOfYou.test(question)) return false;
  if (kind === 'digest')
    return memory.digests!.digests[item]!.about.some(({ members }) => members.includes(character));
  const said = new Set(words(memory.passages[item]!.text));
  return words(character).some((word) => said.has(word));
}

const asksOfYou = /\b(?:you|your|yours|yourself|thou|thee|thy|thine|thyself)\b/i;

/** A fact by its id, and a speech by its place. */
function figureOf(memory: Memory, match: FactMatch | undefined): FactScore | undefined {
  if (!match) return undefined;
  const { kind, item } = match;
  const id = kind === 'digest' ? memory.digests!.idOf(item) : memory.passages[item]!.place;
  return { id, score: Number(match.score.toFixed(4)) };
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
