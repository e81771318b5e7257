import { expect, it } from 'vitest';
import { tokensOf } from './piece-tokens.ts';
import type { PromptModel } from './prompt.ts';

it('takes a text of more tokens than a call may have arguments', () => {
  const model = { tokenize: (text: string) => new Int32Array(text.length) } as PromptModel;
  expect(tokensOf(model, ['x'.repeat(500_000)])).toHaveLength(500_000);
});
