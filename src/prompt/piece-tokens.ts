import type { PromptModel } from './prompt.ts';
import type { ChatTemplate, Piece } from './templates.ts';

/** Control tokens come from here and nowhere else: text is never searched for them. */
export function tokensOf(model: PromptModel, pieces: readonly Piece[]): number[] {
  const tokens: number[] = [];
  let text = '';
  // Not spread into one call: a pasted text may have more tokens than a call may have arguments.
  const add = (some: Iterable<number>): void => {
    for (const token of some) tokens.push(token);
  };
  const flush = (): void => {
    if (text !== '') add(model.tokenize(text));
    text = '';
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      text += piece;
      continue;
    }
    flush();
    // A vocabulary may have such a name as an ordinary token, which tokenising gives.
    const control = model.special(piece.token);
    add(control === undefined ? model.tokenize(piece.token) : [control]);
  }
  flush();
  return tokens;
}

/** What a text begins with: the token that the vocabulary starts every text with, and what a chat has before its messages. */
export function startTokens(model: PromptModel, template?: ChatTemplate): number[] {
  const { addsStart, start } = model.info;
  const head = tokensOf(model, template?.head ?? []);
  return addsStart && head[0] !== start ? [start, ...head] : head;
}
