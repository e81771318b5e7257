import { templateOf } from './form.ts';
import { startTokens, tokensOf } from './piece-tokens.ts';
import type { PromptModel } from './prompt.ts';
import type { ChatTemplate, Frame, Piece } from './templates.ts';

/** A message of a chat with a model that is nobody in particular. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
}

/**
 * The tokens that ask a model for the next message of a chat, in its own template; one without a template that is known is
 * given the messages as a page with a label on each.
 */
export function chatPrompt(model: PromptModel, messages: readonly ChatMessage[]): Int32Array {
  const template = templateOf(model);
  const pieces = template ? inTemplate(template, messages) : asPage(messages);
  return Int32Array.from([...startTokens(model, template), ...tokensOf(model, pieces)]);
}

function inTemplate(template: ChatTemplate, messages: readonly ChatMessage[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let head = '';
  for (const { role, text } of messages) {
    if (role === 'system' && !template.system) {
      head += `${text}\n\n`;
      continue;
    }
    const { before, after } = frameFor(template, role);
    pieces.push(...before, role === 'user' ? head + text : text, ...after);
    if (role === 'user') head = '';
  }
  return [...pieces, ...template.open];
}

function frameFor({ system, visitor, character }: ChatTemplate, role: ChatMessage['role']): Frame {
  if (role === 'assistant') return character;
  return role === 'system' && system ? system : visitor;
}

function asPage(messages: readonly ChatMessage[]): readonly Piece[] {
  const labels = { system: '', user: 'USER: ', assistant: 'ASSISTANT: ' } as const;
  const lines = messages.map(({ role, text }) => `${labels[role]}${text}\n`);
  return [`${lines.join('')}ASSISTANT:`];
}
