import type { PromptModel } from '../../prompt/prompt.ts';

/** Control tokens start here; below are letters. */
const controls = 0x20_0000;

export interface LetterModel extends PromptModel {
  /** The tokens as text, a control token as ⟨its name⟩. */
  spell(tokens: Iterable<number>): string;
  isControl(token: number): boolean;
}

/** A model with a token for each letter, and control tokens that no text ever becomes. */
export function letterModel(
  chatTemplate: string | undefined,
  names: readonly string[],
  { addsStart = false }: { readonly addsStart?: boolean } = {},
): LetterModel {
  const start = controls + names.length;
  return {
    chatTemplate,
    info: {
      description: 'letters',
      parameters: 0,
      bytes: 0,
      trainedWindow: 1 << 20,
      width: 1,
      layers: 1,
      vocabulary: start + 1,
      addsStart,
      start,
      separator: -1,
      ends: new Int32Array(),
    },
    tokenize: (text) => Int32Array.from(text, (letter) => letter.codePointAt(0)!),
    special(name) {
      const at = names.indexOf(name);
      return at < 0 ? undefined : controls + at;
    },
    spell: (tokens) =>
      Array.from(tokens, (token) =>
        token < controls ? String.fromCodePoint(token) : `⟨${names[token - controls] ?? 'start'}⟩`,
      ).join(''),
    isControl: (token) => token >= controls,
  };
}

/** Jinja as models of some families carry it, in short. */
export const ownTemplates = {
  chatMl:
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}",
  thinker:
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}{{ '<|im_start|>assistant\\n' }}{% if enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}",
  gemma:
    "{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{{ '<start_of_turn>model\\n' }}",
  mistral:
    "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + '[/INST]' }}{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}",
} as const;

export const chatMlModel = (): LetterModel =>
  letterModel(ownTemplates.chatMl, ['<|im_start|>', '<|im_end|>']);

export const baseModel = (): LetterModel => letterModel(undefined, ['<bos>'], { addsStart: true });
