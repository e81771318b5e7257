import { DramatisError } from '../errors.ts';
import { chatLayout } from './chat-layout.ts';
import { templateOf } from './form.ts';
import type { Layout } from './layout.ts';
import { type Prompt, type PromptModel, type PromptParts, templateFor } from './prompt.ts';
import { scriptLayout } from './script-layout.ts';

/**
 * The tokens that ask a model to speak as a character: who they are, the conversation so far, what they
 * recall, and the visitor's last words.
 *
 * If they are more than the budget, the oldest turns go first, a question always with its answers; then
 * what is recalled, the least fitting first.
 *
 * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit.
 * @throws {RangeError} If the last turn is not the visitor's, or a chat is asked of a model without a template.
 */
export function buildPrompt(model: PromptModel, parts: PromptParts, budgetTokens: number): Prompt {
  const { turns, form, recalled, note } = parts;
  const question = turns.at(-1);
  if (question?.speaker !== 'visitor')
    throw new RangeError('the last turn is the character’s own; the visitor’s is wanted');
  const layout = layoutOf(model, parts);
  const earlier = turns.slice(0, -1).map((turn) => ({ turn, tokens: layout.turn(turn) }));
  let kept = earlier;
  let quoted = recalled;
  let ask = layout.ask(question.text, quoted, note);
  const length = (): number =>
    layout.prefix.length + kept.reduce((sum, { tokens }) => sum + tokens.length, 0) + ask.length;
  while (length() > budgetTokens && kept.length > 0) {
    const next = kept.findIndex(({ turn }, i) => i > 0 && turn.speaker === 'visitor');
    kept = next < 0 ? [] : kept.slice(next);
  }
  while (length() > budgetTokens && quoted.length > 0) {
    quoted = quoted.slice(0, -1);
    ask = layout.ask(question.text, quoted, note);
  }
  if (length() > budgetTokens)
    throw new DramatisError(
      'WINDOW_EXCEEDED',
      `the question and the persona have ${length()} tokens; ${budgetTokens} fit`,
    );
  const tokens = [...layout.prefix, ...kept.flatMap(({ tokens }) => tokens), ...ask];
  return {
    tokens: Int32Array.from(tokens),
    turnFrom: tokens.length - layout.opening.length,
    prefixLength: layout.prefix.length,
    stop: layout.stop,
    dropped: earlier.length - kept.length,
    templateVersion: templateFor(parts.persona).version,
    form,
  };
}

function layoutOf(model: PromptModel, { form, persona, at }: PromptParts): Layout {
  if (form === 'script') return scriptLayout(model, persona, at);
  const template = templateOf(model);
  if (!template) throw new RangeError('the model has no chat template that is known');
  return chatLayout(model, template, persona, at);
}
