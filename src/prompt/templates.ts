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
  /** Null where the family has no such role: the text then goes to the head of the first message. */
  readonly system: Frame | null;
  readonly visitor: Frame;
  readonly character: Frame;
  /** What the reply is started with. */
  readonly open: readonly Piece[];
}

const token = (name: string): Piece => ({ token: name });

/** A family whose messages are all written alike, but for the name of who speaks. */
function alike(
  id: string,
  frame: (role: string) => Frame,
  {
    system = 'system',
    character = 'assistant',
  }: { system?: string | null; character?: string } = {},
): ChatTemplate {
  return {
    id,
    system: system === null ? null : frame(system),
    visitor: frame('user'),
    character: frame(character),
    open: frame(character).before,
  };
}

const between =
  (open: string, close: string, lineEnds: string, after: readonly Piece[]) =>
  (role: string): Frame => ({
    before: [token(open), role, token(close), ...(lineEnds === '' ? [] : [lineEnds])],
    after,
  });

/** "<|user|>" and the like: a token for each role. */
const named =
  (lineEnd: string, after: readonly Piece[]) =>
  (role: string): Frame => ({
    before: [token(`<|${role}|>`), ...(lineEnd === '' ? [] : [lineEnd])],
    after,
  });

const mistral = (id: string, blank: string, system: Frame | null): ChatTemplate => ({
  id,
  system,
  visitor: { before: [token('[INST]'), blank].filter((p) => p !== ''), after: [token('[/INST]')] },
  character: { before: blank === '' ? [] : [blank], after: [token('</s>')] },
  open: [],
});

const commandFrame = (role: string): Frame => ({
  before: [token('<|START_OF_TURN_TOKEN|>'), token(`<|${role}_TOKEN|>`)],
  after: [token('<|END_OF_TURN_TOKEN|>')],
});

const deepseek = (id: string, afterVisitor: readonly Piece[]): ChatTemplate => ({
  id,
  system: { before: [], after: [] },
  visitor: { before: [token('<｜User｜>')], after: afterVisitor },
  character: { before: [token('<｜Assistant｜>')], after: [token('<｜end▁of▁sentence｜>')] },
  open: [token('<｜Assistant｜>')],
});

/**
 * Every family that is known; of several that fit a model, the first. What a thinking model's template adds where a reply
 * begins is no part of it: see `thoughtOf`.
 */
export const templates: readonly ChatTemplate[] = [
  alike('chatml', (role) => ({
    before: [token('<|im_start|>'), role, '\n'],
    after: [token('<|im_end|>'), '\n'],
  })),
  alike(
    'llama3',
    between('<|start_header_id|>', '<|end_header_id|>', '\n\n', [token('<|eot_id|>')]),
  ),
  alike('llama4', between('<|header_start|>', '<|header_end|>', '\n\n', [token('<|eot|>')])),
  alike(
    'gemma',
    (role) => ({
      before: [token('<start_of_turn>'), role, '\n'],
      after: [token('<end_of_turn>'), '\n'],
    }),
    { system: null, character: 'model' },
  ),
  alike(
    'gemma4',
    (role) => ({ before: [token('<|turn>'), role, '\n'], after: [token('<turn|>'), '\n'] }),
    { character: 'model' },
  ),
  mistral('mistral', ' ', null),
  mistral('mistral-system', '', {
    before: [token('[SYSTEM_PROMPT]')],
    after: [token('[/SYSTEM_PROMPT]')],
  }),
  mistral('mistral-tekken', '', null),
  alike('phi4', (role) => ({
    before: [token('<|im_start|>'), role, token('<|im_sep|>')],
    after: [token('<|im_end|>')],
  })),
  alike('phi3', named('\n', [token('<|end|>'), '\n'])),
  alike('phi4-mini', named('', [token('<|end|>')])),
  alike(
    'granite',
    between('<|start_of_role|>', '<|end_of_role|>', '', [token('<|end_of_text|>'), '\n']),
  ),
  deepseek('deepseek-closed', [token('<｜end▁of▁sentence｜>')]),
  deepseek('deepseek', []),
  {
    id: 'command-r',
    system: commandFrame('SYSTEM'),
    visitor: commandFrame('USER'),
    character: commandFrame('CHATBOT'),
    open: commandFrame('CHATBOT').before,
  },
  alike('kimi', kimiFrame),
  alike('seed', (role) => ({
    before: [token('<seed:bos>'), role, '\n'],
    after: [token('<seed:eos>')],
  })),
  alike('apertus', (role) => ({
    before: [token(`<|${role}_start|>`)],
    after: [token(`<|${role}_end|>`)],
  })),
  {
    id: 'command-a',
    system: commandFrame('SYSTEM'),
    visitor: commandFrame('USER'),
    character: {
      before: [...commandFrame('CHATBOT').before, token('<|START_RESPONSE|>')],
      after: [token('<|END_RESPONSE|>'), token('<|END_OF_TURN_TOKEN|>')],
    },
    open: [
      ...commandFrame('CHATBOT').before,
      ...[token('<|START_THINKING|>'), token('<|END_THINKING|>'), token('<|START_RESPONSE|>')],
    ],
  },
  alike('solar-open', between('<|begin|>', '<|content|>', '', [token('<|end|>')])),
  alike(
    'minimax',
    (role) => ({ before: [token(']~b]'), role, '\n'], after: [token('[e~['), '\n'] }),
    { character: 'ai' },
  ),
  {
    id: 'ling',
    system: lingFrame('SYSTEM'),
    visitor: lingFrame('HUMAN'),
    character: {
      before: [...lingFrame('ASSISTANT').before, '\n'],
      after: lingFrame('ASSISTANT').after,
    },
    open: [...lingFrame('ASSISTANT').before, '\n'],
  },
  {
    id: 'harmony',
    system: {
      before: [token('<|start|>'), 'developer', token('<|message|>'), '# Instructions\n\n'],
      after: ['\n\n', token('<|end|>')],
    },
    visitor: {
      before: [token('<|start|>'), 'user', token('<|message|>')],
      after: [token('<|end|>')],
    },
    character: {
      before: [
        token('<|start|>'),
        'assistant',
        token('<|channel|>'),
        'final',
        token('<|message|>'),
      ],
      after: [token('<|end|>')],
    },
    open: [token('<|start|>'), 'assistant', token('<|channel|>'), 'final', token('<|message|>')],
  },
];

function kimiFrame(role: string): Frame {
  return {
    before: [token(`<|im_${role}|>`), role, token('<|im_middle|>')],
    after: [token('<|im_end|>')],
  };
}

function lingFrame(role: string): Frame {
  return {
    before: [token('<role>'), role, token('</role>')],
    after: [token('<|role_end|>')],
  };
}
