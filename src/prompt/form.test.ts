import { describe, expect, it } from 'vitest';
import {
  baseModel,
  chatMlModel,
  type LetterModel,
  letterModel,
} from '../testing/models/letter-model.ts';
import { chatPrompt } from './chat-prompt.ts';
import { formFor, templateOf } from './form.ts';
import { tokensOf } from './piece-tokens.ts';
import type { PromptModel } from './prompt.ts';

/** A template that writes visitors and characters in two branches, as many do. */
const branches = (visitor: string, other: string, open: string): string =>
  `{%- for message in messages %}{%- if message['role'] == 'user' %}${visitor}{%- else %}${other}{%- endif %}{%- endfor %}{% if add_generation_prompt %}${open}{% endif %}`;

/** What asks the model: a visitor's "U", and what opens the reply. */
function asked(
  model: PromptModel & { spell(tokens: Iterable<number>): string },
): string | undefined {
  const template = templateOf(model);
  if (!template) return undefined;
  const { visitor, open } = template;
  return model.spell(tokensOf(model, [...visitor.before, 'U', ...visitor.after, ...open]));
}

const chatMl = ['<|im_start|>', '<|im_end|>'];
const loop = (reply: string): string =>
  "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m['content'] | trim + '<|im_end|>' + '\\n' }}{% endfor %}" +
  `{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}${reply}{% endif %}`;

describe('templateOf', () => {
  const families: [string, string, string[], string][] = [
    ['chatml', loop(''), chatMl, '⟨<|im_start|>⟩user\nU⟨<|im_end|>⟩\n⟨<|im_start|>⟩assistant\n'],
    [
      'chatml',
      branches(
        "{{ '<|im_start|>user\\n' }}{% if message.content is string %}{{ message.content }}{% else %}{{ '<|image|>' }}{% endif %}{{ '<|im_end|>\\n' }}",
        "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}",
        '<|im_start|>assistant\n',
      ),
      chatMl,
      '⟨<|im_start|>⟩user\nU⟨<|im_end|>⟩\n⟨<|im_start|>⟩assistant\n',
    ],
    [
      'llama3',
      "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' %}{{ content }}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}",
      ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
      '⟨<|start_header_id|>⟩user⟨<|end_header_id|>⟩\n\nU⟨<|eot_id|>⟩⟨<|start_header_id|>⟩assistant⟨<|end_header_id|>⟩\n\n',
    ],
    [
      'gemma',
      "{% if role == 'assistant' %}{% set role = 'model' %}{% endif %}{{ '<start_of_turn>' + role + '\\n' + message['content'] | trim + '<end_of_turn>\\n' }}{{ '<start_of_turn>model\\n' }}",
      ['<start_of_turn>', '<end_of_turn>'],
      '⟨<start_of_turn>⟩user\nU⟨<end_of_turn>⟩\n⟨<start_of_turn>⟩model\n',
    ],
    [
      'mistral',
      branches(
        "{{ '[INST] ' + m['content'] + '[/INST]' }}",
        "{{ ' ' + m['content'] + eos_token }}",
        '',
      ),
      ['[INST]', '[/INST]', '</s>'],
      '⟨[INST]⟩ U⟨[/INST]⟩',
    ],
    [
      'mistral-tekken',
      branches('[INST]{{ m.content }}[/INST]', '{{ m.content }}{{ eos_token }}', ''),
      ['[INST]', '[/INST]', '</s>'],
      '⟨[INST]⟩U⟨[/INST]⟩',
    ],
    [
      'phi4',
      branches(
        "<|im_start|>user<|im_sep|>{{ m['content'] }}<|im_end|>",
        "<|im_start|>{{ m['role'] }}<|im_sep|>{{ m['content'] }}<|im_end|>",
        '<|im_start|>assistant<|im_sep|>',
      ),
      [...chatMl, '<|im_sep|>'],
      '⟨<|im_start|>⟩user⟨<|im_sep|>⟩U⟨<|im_end|>⟩⟨<|im_start|>⟩assistant⟨<|im_sep|>⟩',
    ],
    [
      'phi3',
      "{{'<|' + message['role'] + '|>\\n' + message['content'] + '<|end|>\\n' }}{{ '<|assistant|>\\n' }}",
      ['<|user|>', '<|assistant|>', '<|system|>', '<|end|>'],
      '⟨<|user|>⟩\nU⟨<|end|>⟩\n⟨<|assistant|>⟩\n',
    ],
    [
      'zephyr',
      "{% for m in messages %}\n{% if m['role'] == 'user' %}\n{{ '<|user|>\n' + m['content'] + eos_token }}\n{% elif m['role'] == 'system' %}\n{{ '<|system|>\n' + m['content'] + eos_token }}\n{% else %}\n{{ '<|assistant|>\n'  + m['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
      ['<|user|>', '<|assistant|>', '<|system|>', '</s>'],
      '⟨<|user|>⟩\nU⟨</s>⟩\n⟨<|assistant|>⟩\n',
    ],
    [
      'stablelm',
      "{{ '<|' + m['role'] + '|>\n' + m['content'] + eos_token + '\n' }}{{ '<|assistant|>\n' }}",
      ['<|user|>', '<|assistant|>', '<|system|>', '<|endoftext|>'],
      '⟨<|user|>⟩\nU⟨<|endoftext|>⟩\n⟨<|assistant|>⟩\n',
    ],
    [
      'olmo',
      branches(
        "{{ '<|user|>\n' + m['content'] + '\n' }}{% elif m['role'] == 'system' %}{{ '<|system|>\n' + m['content'] + '\n' }}",
        "{{ '<|assistant|>\n' + m['content'] + eos_token + '\n' }}",
        "{{ '<|assistant|>\n' }}",
      ),
      ['<|user|>', '<|assistant|>', '<|system|>', '<|endoftext|>'],
      '⟨<|user|>⟩\nU\n⟨<|assistant|>⟩\n',
    ],
    [
      'mistral-system-blank',
      branches(
        "{{ '[INST] ' + m['content'] + '[/INST]' }}{% elif m['role'] == 'system' %}{{ '[SYSTEM_PROMPT] ' + m['content'] + '[/SYSTEM_PROMPT]' }}",
        "{{ ' ' + m['content'] + eos_token }}",
        '',
      ),
      ['[INST]', '[/INST]', '[SYSTEM_PROMPT]', '[/SYSTEM_PROMPT]', '</s>'],
      '⟨[INST]⟩ U⟨[/INST]⟩',
    ],
    [
      'chatml',
      branches(
        "{{ '<|im_start|>user\n' + m.content + '<|im_end|>\n' }}",
        "{{ '<|im_start|>assistant\n' + m.content + '<|im_end|>\n' }}",
        "{{ '<|im_start|>assistant\n' }}",
      ),
      chatMl,
      '⟨<|im_start|>⟩user\nU⟨<|im_end|>⟩\n⟨<|im_start|>⟩assistant\n',
    ],
  ];
  for (const [id, own, names, text] of families)
    it(`knows ${id} by what its template writes around a message`, () => {
      const model = letterModel(own, names);
      expect(templateOf(model)?.id).toBe(id);
      expect(asked(model)).toBe(text);
    });

  const others: [string, string, string[]][] = [
    ['a control token is missing, as where the markers are plain text', loop(''), ['<|im_start|>']],
    ['a template only mentions a marker', "{# <|im_start|> #}{{ 'User: ' + m.content }}", chatMl],
    [
      'a message goes on otherwise after the same marker',
      branches(
        "<|im_start|>user<|im_sep|>{{ m['content'] }}<|im_end|>\n",
        "<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n",
        '<|im_start|>assistant\n',
      ),
      chatMl,
    ],
    [
      'no line ends after the role',
      branches('<|im_start|>user {{ m.content }}<|im_end|>', '', '<|im_start|>assistant '),
      chatMl,
    ],
    [
      'a reply begins with words of its own',
      loop("{{ '>>>all' }}").replace("\\n' }}{{ '>>>", '\\n>>>'),
      chatMl,
    ],
    [
      'the marks of a message stand further from its text than those of any family',
      branches("{{ '[INST]  ' + m.content + '  [/INST]' }}", '{{ m.content + eos_token }}', ''),
      ['[INST]', '[/INST]', '</s>'],
    ],
    ['a thought is written in a way that is not known', loop("{{ '<reason>' }}</think>"), chatMl],
  ];
  for (const [why, own, names] of others)
    it(`knows none if ${why}`, () => {
      expect(templateOf(letterModel(own, names))).toBeUndefined();
    });

  it('takes no more time for a template that is long or nested without end', () => {
    for (const own of [
      '{{ '.repeat(50_000),
      "{{ '".repeat(40_000),
      '('.repeat(150_000),
      'x'.repeat(1e6),
    ])
      expect(templateOf(letterModel(own, chatMl))).toBeUndefined();
  });
});

describe('a model that thinks', () => {
  const opened = '⟨<|im_start|>⟩user\nU⟨<|im_end|>⟩\n⟨<|im_start|>⟩assistant\n';
  const names = [...chatMl, '<think>', '</think>'];
  const cases: [string, string, string][] = [
    [
      'begins with the empty thought that its template writes where thinking is off',
      loop(
        "{% if enable_thinking is defined and enable_thinking is false %}{{ '<think>\\n\\n</think>\\n\\n' }}{% endif %}",
      ),
      '⟨<think>⟩\n\n⟨</think>⟩\n\n',
    ],
    [
      'closes the thought that its template opens',
      loop("{{ '<think>\\n' }}"),
      '⟨<think>⟩\n\n⟨</think>⟩\n\n',
    ],
    [
      'closes it where the opening stands in the same text',
      loop('').replace("assistant\\n' }}", "assistant\\n<think>\\n' }}"),
      '⟨<think>⟩\n\n⟨</think>⟩\n\n',
    ],
  ];
  for (const [what, own, open] of cases)
    it(what, () => {
      expect(asked(letterModel(own, names))).toBe(opened + open);
    });
});

describe('what a chat begins with', () => {
  const own = branches(
    "{{ '<|system|>\\n' + first }}<|user|>\n{{ m.content }}",
    '<|assistant|>\n{{ m.content }}',
    '<|assistant|>\n',
  );
  const names = ['[gMASK]', '<sop>', '<|system|>', '<|user|>', '<|assistant|>'];
  const asks = (model: LetterModel): string =>
    model.spell(
      chatPrompt(model, [
        { role: 'system', text: 'Be brief.' },
        { role: 'user', text: 'Whither?' },
      ]),
    );
  const messages = '⟨<|system|>⟩\nBe brief.⟨<|user|>⟩\nWhither?⟨<|assistant|>⟩\n';

  it('stands before its messages, behind what every text starts with', () => {
    const model = letterModel(`[gMASK]<sop>${own}`, names, { addsStart: true });
    expect(templateOf(model)?.id).toBe('glm');
    expect(asks(model)).toBe(`⟨start⟩⟨[gMASK]⟩⟨<sop>⟩${messages}`);
  });

  it('is no second start where it is what every text starts with', () => {
    const model = letterModel(`[gMASK]<sop>${own}`, names);
    const started = {
      ...model,
      info: { ...model.info, addsStart: true, start: model.special('[gMASK]')! },
    };
    expect(asks(started)).toBe(`⟨[gMASK]⟩⟨<sop>⟩${messages}`);
  });

  it('has to be there', () => {
    expect(templateOf(letterModel(own, names))).toBeUndefined();
  });
});

describe('formFor', () => {
  it('is chat for a known template, script for a base model or an unknown template', () => {
    expect(formFor(chatMlModel())).toBe('chat');
    expect(formFor(baseModel())).toBe('script');
    expect(formFor(letterModel('<|something|>', ['<|something|>']))).toBe('script');
  });
});
