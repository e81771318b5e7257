import type { Prompt, PromptModel, PromptParts } from './prompt.ts';

/**
 * The tokens that ask a model to speak as a character.
 *
 * @throws {DramatisError} WINDOW_EXCEEDED if the last turn alone does not fit into `budgetTokens`.
 */
export function buildPrompt(
  _model: PromptModel,
  _parts: PromptParts,
  _budgetTokens: number,
): Prompt {
  throw new TypeError('not written yet');
}
