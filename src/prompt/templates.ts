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
  /** What a chat begins with, before the first message. */
  readonly head?: readonly Piece[];
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
    visitor = 'user',
    character = 'assistant',
  }: { system?: string | null; visitor?: string; character?: string } = {},
): ChatTemplate {
  return {
    id,
    system: system === null ? null : frame(system),
    visitor: frame(visitor),
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

/** What models that always think begin with, and what ends the thought. */
const aprielSteps = 'Here are my reasoning steps:\n[BEGIN FINAL RESPONSE]\n';

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
  mistral('mistral-system-blank', ' ', {
    before: [token('[SYSTEM_PROMPT]'), ' '],
    after: [token('[/SYSTEM_PROMPT]')],
  }),
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
  {
    ...alike('apriel-ended', named('\n', ['\n', token('<|end|>'), '\n'])),
    character: {
      before: [token('<|assistant|>'), '\n'],
      after: ['\n', token('<|end|>'), '\n', token('</s>')],
    },
    open: [token('<|assistant|>'), `\n${aprielSteps}`],
  },
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
  {
    ...alike('cohere-text', commandText, {
      system: 'SYSTEM',
      visitor: 'USER',
      character: 'CHATBOT',
    }),
    open: [
      ...commandFrame('CHATBOT').before,
      ...[token('<|START_THINKING|>'), token('<|END_THINKING|>'), token('<|START_TEXT|>')],
    ],
  },
  alike('zephyr', named('\n', [token('</s>'), '\n'])),
  alike('stablelm', named('\n', [token('<|endoftext|>'), '\n'])),
  {
    ...alike('olmo', named('\n', ['\n'])),
    character: {
      before: [token('<|assistant|>'), '\n'],
      after: [token('<|endoftext|>'), '\n'],
    },
  },
  glm('glm-nothink', named('\n', []), ['/nothink']),
  glm('glm', named('\n', []), []),
  glm('glm-tight', named('', []), []),
  alike('gigachat', (role) => ({
    before: [role, token('<|role_sep|>'), '\n'],
    after: [token('<|message_sep|>'), '\n\n'],
  })),
  alike('gigachat-tight', (role) => ({
    before: [role, token('<|role_sep|>')],
    after: [token('<|message_sep|>')],
  })),
  alike('megrez', between('<|role_start|>', '<|role_end|>', '', [token('<|turn_end|>')])),
  kimi3(),
  alike(
    'minimax-m1',
    (role) => ({
      before: [token('<beginning_of_sentence>'), `${role}\n`],
      after: [token('<end_of_sentence>'), '\n'],
    }),
    {
      system: 'system ai_setting=assistant',
      visitor: 'user name=user',
      character: 'ai name=assistant',
    },
  ),
  {
    id: 'nemotron-nano',
    system: { before: [token('<SPECIAL_10>'), 'System\n'], after: ['\n\n'] },
    visitor: { before: [token('<SPECIAL_11>'), 'User\n'], after: ['\n'] },
    character: {
      before: [token('<SPECIAL_11>'), 'Assistant\n'],
      after: ['\n', token('<SPECIAL_12>'), '\n'],
    },
    open: [token('<SPECIAL_11>'), 'Assistant\n'],
  },
  apriel('apriel', ['\n', token('<|end|>'), '\n'], {
    system: [token('<|begin_system|>')],
    visitor: [token('<|begin_user|>')],
    character: [token('<|begin_assistant|>')],
  }),
  alike('spark', sparkFrame, { system: 'System', visitor: 'User', character: 'Bot' }),
  {
    ...alike('glimmer', glimmerFrame, { character: 'assistant to=user' }),
    system: {
      before: glimmerFrame('system').before,
      after: [
        '\n\nReasoning strength: high.\n\n# Valid recipients: "self", "user".',
        token('<|eot|>'),
      ],
    },
  },
  alike('laguna', tagged('')),
  {
    ...alike('laguna-lines', tagged('\n')),
    system: { before: [token('<system>'), '\n\n'], after: ['\n', token('</system>'), '\n'] },
  },
  {
    id: 'hunyuan-3',
    head: [token('<｜hy_begin_of_sentence:opensource｜>')],
    system: {
      before: [],
      after: [token('<｜reasoning_mode:opensource｜>'), 'reasoning_effort:no_think'],
    },
    visitor: { before: [token('<｜hy_User:opensource｜>')], after: [] },
    character: {
      before: [token('<｜hy_Assistant:opensource｜>')],
      after: [token('<｜hy_eos:opensource｜>')],
    },
    open: [token('<｜hy_Assistant:opensource｜>')],
  },
  {
    id: 'hunyuan',
    system: { before: [], after: [token('<｜hy_place▁holder▁no▁3｜>')] },
    visitor: { before: [token('<｜hy_User｜>')], after: [] },
    character: {
      before: [token('<｜hy_Assistant｜>')],
      after: [token('<｜hy_place▁holder▁no▁2｜>')],
    },
    open: [token('<｜hy_Assistant｜>')],
  },
  {
    id: 'dots',
    system: { before: [token('<|system|>')], after: [token('<|endofsystem|>')] },
    visitor: { before: [token('<|userprompt|>')], after: [token('<|endofuserprompt|>')] },
    character: { before: [token('<|response|>')], after: [token('<|endofresponse|>')] },
    open: [token('<|response|>')],
  },
  {
    ...alike('exaone', (role) => ({
      before: [token(`[|${role}|]`)],
      after: [token('[|endofturn|]'), '\n'],
    })),
    visitor: { before: [token('[|user|]')], after: ['\n'] },
  },
  alike('exaone-ended', (role) => ({
    before: [token(`[|${role}|]`)],
    after: [token('[|endofturn|]'), '\n'],
  })),
  alike('exaone-moe', named('\n', [token('<|endofturn|>'), '\n'])),
  {
    id: 'minicpm',
    system: null,
    visitor: { before: [token('<用户>')], after: [] },
    character: { before: [token('<AI>')], after: [] },
    open: [token('<AI>')],
  },
  // Who speaks stands as text, and a token that nobody can type ends each message.
  {
    id: 'openchat',
    system: { before: [], after: [token('<|end_of_turn|>')] },
    visitor: { before: ['GPT4 Correct User: '], after: [token('<|end_of_turn|>')] },
    character: { before: ['GPT4 Correct Assistant: '], after: [token('<|end_of_turn|>')] },
    open: ['GPT4 Correct Assistant:'],
  },
  {
    id: 'reka',
    system: { before: ['system: '], after: ['\n\n', token('<sep>')] },
    visitor: { before: ['human: '], after: [token('<sep>')] },
    character: { before: ['assistant: '], after: ['\n\n', token('<sep>')] },
    open: ['assistant:'],
  },
];

function commandText(role: string): Frame {
  const { before, after } = commandFrame(role);
  return {
    before: [...before, token('<|START_TEXT|>')],
    after: [token('<|END_TEXT|>'), ...after],
  };
}

/** Nothing ends a message but the next one; a chat begins with two tokens of its own. */
function glm(
  id: string,
  frame: (role: string) => Frame,
  afterVisitor: readonly Piece[],
): ChatTemplate {
  const plain = alike(id, frame);
  return {
    ...plain,
    head: [token('[gMASK]'), token('<sop>')],
    visitor: { ...plain.visitor, after: afterVisitor },
  };
}

/** A message and each of its parts are opened and closed by name. */
function kimi3(): ChatTemplate {
  const opens = (name: string): readonly Piece[] => [token('<|open|>'), name, token('<|sep|>')];
  const closes = (name: string): readonly Piece[] => [token('<|close|>'), name, token('<|sep|>')];
  const frame = (role: string): Frame => ({
    before: opens(`message role="${role}"`),
    after: [...closes('message'), token('<|end_of_msg|>')],
  });
  const { before, after } = frame('assistant');
  const reply = [...before, ...opens('response')];
  return {
    ...alike('kimi-3', frame),
    character: { before: reply, after: [...closes('response'), ...after] },
    open: reply,
  };
}

function apriel(
  id: string,
  end: readonly Piece[],
  opened: Readonly<Record<'system' | 'visitor' | 'character', readonly Piece[]>>,
): ChatTemplate {
  const frame = (pieces: readonly Piece[], after: readonly Piece[]): Frame => ({
    before: [...pieces, '\n'],
    after,
  });
  return {
    id,
    system: frame(opened.system, ['\n']),
    visitor: frame(opened.visitor, ['\n']),
    character: frame(opened.character, end),
    open: [...opened.character, `\n${aprielSteps}`],
  };
}

function sparkFrame(role: string): Frame {
  return {
    before: [
      token('<｜start▁of▁sentence｜>'),
      token(`<|${role}|>`),
      ...(role === 'System' ? ['\n'] : []),
    ],
    after: [token('<｜end▁of▁sentence｜>')],
  };
}

function glimmerFrame(role: string): Frame {
  return {
    before: [token('<|start|>'), role, token('<|message|>')],
    after: [token('<|eot|>')],
  };
}

function tagged(lineEnd: string): (role: string) => Frame {
  const ends = lineEnd === '' ? [] : [lineEnd];
  return (role) => ({
    before: [token(`<${role}>`), ...ends],
    after: [...ends, token(`</${role}>`), '\n'],
  });
}

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
