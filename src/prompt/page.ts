import type { PromptModel } from './prompt.ts';

/** Code points as tokens: a prompt for it is plain text, such as a model behind an endpoint is given. */
export const letters: PromptModel = {
  chatTemplate: undefined,
  info: {
    description: 'code points',
    parameters: 0,
    bytes: 0,
    trainedWindow: 2 ** 31 - 1,
    width: 0,
    layers: 0,
    vocabulary: 0x11_0000,
    addsStart: false,
    start: -1,
    separator: -1,
    ends: new Int32Array(),
  },
  tokenize: (text) => Int32Array.from(text, (letter) => letter.codePointAt(0)!),
  special: () => undefined,
};

/** The text of a prompt made for `letters`. */
export function spell(tokens: Iterable<number>): string {
  let text = '';
  for (const token of tokens) text += String.fromCodePoint(token);
  return text;
}
