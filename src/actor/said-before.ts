import { commonLength } from '../play/common-length.ts';
import { words } from '../play/words.ts';
import type { SceneLine } from '../prompt/prompt.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';

/** Share of a text's words that an answer must have, and how many at least, to have said it. */
const nearly = 0.85;
const leastWords = 5;

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

/** What a fact is told with that the speaker has told before in the conversation, in other words each time; '' at first. */
export function againWording(
  { again = [] }: PromptTemplate,
  fact: string,
  said: SaidBefore,
): string {
  const times = timesSaid(fact, said);
  return times === 0 || again.length === 0 ? '' : again[(times - 1) % again.length]!;
}

/** How many of the speaker's answers have nearly all words of a text in its order: "my husband" for "my husband Macbeth". */
function timesSaid(text: string, { turns, speaker }: SaidBefore): number {
  const wanted = words(text);
  const least = Math.min(wanted.length, Math.max(leastWords, Math.ceil(nearly * wanted.length)));
  return turns.filter(
    (turn) => turn.speaker === speaker && commonLength(wanted, words(turn.text)) >= least,
  ).length;
}
