import type { Form, PromptModel } from './prompt.ts';
import { recogniseTemplate } from './recognise-template.ts';
import type { ChatTemplate } from './templates.ts';

/**
 * The template that a model was trained with, if it is one we know and the vocabulary has its control
 * tokens; a base model, or one whose markers are plain text, has none.
 */
export function templateOf(model: PromptModel): ChatTemplate | undefined {
  const own = model.chatTemplate;
  if (own === undefined) return undefined;
  return recogniseTemplate(own).find(({ needs }) =>
    needs.every((name) => model.special(name) !== undefined),
  )?.template;
}

/** 'chat' for a model whose template we know, else 'script', which every model can read. */
export function formFor(model: PromptModel): Form {
  return templateOf(model) ? 'chat' : 'script';
}
