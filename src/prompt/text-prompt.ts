import type { PromptModel, ScenePrompt } from './prompt.ts';

/** A text as it stands, with no persona and no labels, ready to be gone on with; its end where the whole does not fit. */
export function textPrompt(model: PromptModel, text: string, budgetTokens: number): ScenePrompt {
  const { addsStart, start } = model.info;
  const first = addsStart ? [start] : Array.from(model.tokenize('\n'));
  const all = [...first, ...model.tokenize(text)];
  return {
    tokens: Int32Array.from(all.slice(Math.max(0, all.length - budgetTokens))),
    prefixLength: 0,
    turnFrom: undefined,
    dropped: 0,
    stop: [],
    continuation: (words) => model.tokenize(words),
  };
}
