/** A part of a template: text, or the one token that a vocabulary has under this name. */
export type Piece = string | { readonly token: string };

/** What stands before and after a message. */
export interface Frame {
  readonly before: readonly Piece[];
  readonly after: readonly Piece[];
}

/** How a family of models is asked, as data. None of the Jinja that models carry is ever run. */
export interface ChatTemplate {
  readonly id: string;
  /** Texts that the model's own template has, all of them. */
  readonly signs: readonly string[];
  /** Control tokens that the vocabulary must have. */
  readonly needs: readonly string[];
  /** Null where the family has no such role: the text then goes to the head of the first message. */
  readonly system: Frame | null;
  readonly visitor: Frame;
  readonly character: Frame;
  /** What the reply is started with. */
  readonly open: readonly Piece[];
}

const token = (name: string): Piece => ({ token: name });

const chatMlFrame = (role: string): Frame => ({
  before: [token('<|im_start|>'), `${role}\n`],
  after: [token('<|im_end|>'), '\n'],
});

const chatMl: ChatTemplate = {
  id: 'chatml',
  signs: ['<|im_start|>'],
  needs: ['<|im_start|>', '<|im_end|>'],
  system: chatMlFrame('system'),
  visitor: chatMlFrame('user'),
  character: chatMlFrame('assistant'),
  open: chatMlFrame('assistant').before,
};

const llama3Frame = (role: string): Frame => ({
  before: [token('<|start_header_id|>'), role, token('<|end_header_id|>'), '\n\n'],
  after: [token('<|eot_id|>')],
});

const gemmaFrame = (role: string): Frame => ({
  before: [token('<start_of_turn>'), `${role}\n`],
  after: [token('<end_of_turn>'), '\n'],
});

/** Every family we know; of several that fit a model, the first. */
export const templates: readonly ChatTemplate[] = [
  {
    ...chatMl,
    id: 'qwen3',
    signs: ['<|im_start|>', 'enable_thinking'],
    // An empty thought: Qwen3 answers at once after one.
    open: [...chatMl.open, token('<think>'), '\n\n', token('</think>'), '\n\n'],
  },
  chatMl,
  {
    id: 'llama3',
    signs: ['<|start_header_id|>'],
    needs: ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
    system: llama3Frame('system'),
    visitor: llama3Frame('user'),
    character: llama3Frame('assistant'),
    open: llama3Frame('assistant').before,
  },
  {
    id: 'gemma',
    signs: ['<start_of_turn>'],
    needs: ['<start_of_turn>', '<end_of_turn>'],
    system: null,
    visitor: gemmaFrame('user'),
    character: gemmaFrame('model'),
    open: gemmaFrame('model').before,
  },
  {
    id: 'mistral',
    signs: ['[INST]'],
    needs: ['[INST]', '[/INST]', '</s>'],
    system: null,
    visitor: { before: [token('[INST]'), ' '], after: [token('[/INST]')] },
    character: { before: [' '], after: [token('</s>')] },
    open: [],
  },
];
