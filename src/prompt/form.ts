import type { Form, PromptModel } from './prompt.ts';
import { type ChatTemplate, templates } from './templates.ts';

/**
 * The template that a model was trained with, if it is one we know and the vocabulary has its control
 * tokens; a base model, or one whose markers are plain text, has none.
 */
export function templateOf(model: PromptModel): ChatTemplate | undefined {
  const own = model.chatTemplate;
  if (own === undefined) return undefined;
  return templates.find(
    ({ signs, needs }) =>
      signs.every((sign) => own.includes(sign)) &&
      needs.every((name) => model.special(name) !== undefined),
  );
}

/** 'chat' for a model whose template we know, else 'script', which every model can read. */
export function formFor(model: PromptModel): Form {
  return templateOf(model) ? 'chat' : 'script';
}
