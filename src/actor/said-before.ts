import { termsOf } from '../memory/digest-rows.ts';
import { commonLength } from '../play/common-length.ts';
import { words } from '../play/words.ts';
import type { SceneLine } from '../prompt/prompt.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';

/** Share of a text's words that an answer must have, and how many at least, to have said it. */
const nearly = 0.85;
const leastWords = 5;

/** Share of the words of two questions, of the shorter one, that both have if one asks the other again. */
const leastAsked = 0.75;
/** Words that a question asks by: "When did he die?" is not "How did he die?" again. */
const askedBy = /\b(?:who|whom|whose|what|which|when|where|why|how)\b/i;

/** A conversation, and whose earlier words in it count. */
export interface SaidBefore {
  readonly turns: readonly SceneLine[];
  readonly speaker: string | undefined;
}

/**
 * What stands in a prompt where nothing is known: the wording that the speaker has said least often in the conversation, the
 * first of those. Undefined where the template has none.
 */
export function unknownWording(
  { unknown, unknownElse = [] }: PromptTemplate,
  said: SaidBefore,
): string | undefined {
  if (unknown === undefined) return undefined;
  const [least] = [unknown, ...unknownElse]
    .map((text) => ({ text, times: timesSaid(text, said) }))
    .sort((a, b) => a.times - b.times);
  return least!.text;
}

/** Whether a text stands for not knowing. */
export function isUnknownWording({ unknown, unknownElse }: PromptTemplate, text: string): boolean {
  return text === unknown || (unknownElse?.includes(text) ?? false);
}

/**
 * What a fact is told with that the speaker has told before in the conversation at the same question, in other words each
 * time; '' at first, and at another question that the same fact answers.
 */
export function againWording(
  { again = [] }: PromptTemplate,
  fact: string,
  { turns, speaker }: SaidBefore,
): string {
  const question = turns.findLast((turn) => turn.speaker !== speaker)?.text ?? '';
  const answers = turns.filter(
    (turn, i) => turn.speaker !== speaker || asksAgain(question, turns[i - 1]?.text ?? ''),
  );
  const times = timesSaid(fact, { turns: answers, speaker });
  return times === 0 || again.length === 0 ? '' : again[(times - 1) % again.length]!;
}

/** Whether a question asks what another one asked: by the same word, and in nearly the same words. */
function asksAgain(question: string, before: string): boolean {
  const [now, then] = [question, before].map((text) => askedBy.exec(text)?.[0].toLowerCase());
  if (now !== undefined && then !== undefined && now !== then) return false;
  const [asked, known] = [termsOf(question), termsOf(before)];
  const shared = [...asked].filter((term) => known.has(term)).length;
  return shared >= leastAsked * Math.max(1, Math.min(asked.size, known.size));
}

/** How many of the speaker's answers have nearly all words of a text in its order: "my husband" for "my husband Macbeth". */
function timesSaid(text: string, { turns, speaker }: SaidBefore): number {
  const wanted = words(text);
  const least = Math.min(wanted.length, Math.max(leastWords, Math.ceil(nearly * wanted.length)));
  return turns.filter(
    (turn) => turn.speaker === speaker && commonLength(wanted, words(turn.text)) >= least,
  ).length;
}
