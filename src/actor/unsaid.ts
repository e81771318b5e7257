import type { SceneLine } from '../prompt/prompt.ts';
import { promptPhrases } from '../prompt/prompt-phrases.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';
import { echoGrammar, echoPhrases } from '../steer/levers/echo-ban.ts';

/** What one reply is not to say again. */
export interface UnsaidSources {
  readonly speaker: string;
  /** The conversation so far, the turn to be answered last. */
  readonly turns: readonly SceneLine[];
  readonly template: PromptTemplate;
  /** What is known of the question: it may be said as often as it is asked. */
  readonly fact?: string | undefined;
}

/**
 * The grammar of one reply that says nothing of its prompt's own words, nothing that the speaker said before in the
 * conversation, and not the line that it answers.
 */
export function unsaidGrammar({ speaker, turns, template, fact }: UnsaidSources): string {
  const last = turns.findLast((turn) => turn.speaker !== undefined);
  const echoes = echoPhrases({
    said: turns.filter((turn) => turn.speaker === speaker).map(({ text }) => text),
    heard: last === undefined || last.speaker === speaker ? '' : last.text,
    spared: [fact ?? '', template.unknown ?? ''],
  });
  return echoGrammar([...promptPhrases(template), ...echoes]);
}
