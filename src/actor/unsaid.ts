import type { SceneLine } from '../prompt/prompt.ts';
import { examplePhrases, mannerPhrases, promptPhrases } from '../prompt/prompt-phrases.ts';
import type { PromptTemplate } from '../prompt/prompt-template.ts';
import { echoGrammar, echoPhrases } from '../steer/levers/echo-ban.ts';

/** What one reply is not to say again. */
export interface UnsaidSources {
  readonly speaker: string;
  /** The conversation so far, the turn to be answered last. */
  readonly turns: readonly SceneLine[];
  readonly template: PromptTemplate;
  /** How the speaker is called in the prompt: nobody begins with "As Marta, I would". */
  readonly name?: string | undefined;
  /** How the speaker is described: see `mannerPhrases`. */
  readonly description?: string | undefined;
  /** What is spoken, as the prompt says it: "in the English of Shakespeare's time". */
  readonly language?: string | undefined;
  /** What is known of the question, or that nothing is: it may be said as often as it is asked. */
  readonly fact?: string | undefined;
  /** Who the speaker is, what was said and what is recalled: words of the prompt's examples that it has may be said. */
  readonly told?: string | undefined;
}

/**
 * The grammar of one reply that says nothing of its prompt's own words, nothing that the speaker said before in the
 * conversation, and not the line that it answers.
 */
export function unsaidGrammar({
  speaker,
  turns,
  template,
  name,
  description = '',
  language,
  fact,
  told = '',
}: UnsaidSources): string {
  const last = turns.findLast((turn) => turn.speaker !== undefined);
  const echoes = echoPhrases({
    said: turns.filter((turn) => turn.speaker === speaker).map(({ text }) => text),
    heard: last === undefined || last.speaker === speaker ? '' : last.text,
    spared: fact === undefined ? [] : [fact],
  });
  return echoGrammar([
    ...promptPhrases(template),
    ...examplePhrases(template, told),
    ...mannerPhrases(description),
    ...(name === undefined ? [] : [`as ${name}`]),
    ...(language === undefined ? [] : [`in the ${language}`]),
    ...echoes,
  ]);
}
