import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlay } from '../play/parse.ts';
import { parsePlace } from '../play/place.ts';
import { sceneTurns } from '../play/scene-turns.ts';
import { baseModel, type LetterModel, letterModel } from '../testing/models/letter-model.ts';
import { printings } from '../testing/plays/ostrava.ts';
import { personaOf } from './persona/persona.ts';
import { type SceneParts, type Turn, VISITOR } from './prompt.ts';
import { promptTemplate } from './prompt-template.ts';
import { scenePrompt } from './scene-prompt.ts';
import { sceneRow } from './scene-row.ts';

/** Chat templates as the models' files have them, as far as they say which family it is. */
const chatModels: Readonly<Record<string, () => LetterModel>> = {
  SmolLM2: () =>
    letterModel(
      "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>\n' }}{% endif %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
      ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
    ),
  'Qwen2.5': () =>
    letterModel(
      "{%- if messages[0]['role'] == 'system' %}\n    {{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}\n{%- else %}\n    {{- '<|im_start|>system\\nYou are Qwen, created by Alibaba Cloud. You are a helpful assistant.<|im_end|>\\n' }}\n{%- endif %}\n{%- for message in messages %}\n    {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}\n{%- endfor %}\n{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n{%- endif %}\n",
      ['<|endoftext|>', '<|im_start|>', '<|im_end|>'],
    ),
  'Gemma 3': () =>
    letterModel(
      "{{ bos_token }}\n{%- for message in loop_messages -%}\n    {%- if (message['role'] == 'assistant') -%}\n        {%- set role = \"model\" -%}\n    {%- else -%}\n        {%- set role = message['role'] -%}\n    {%- endif -%}\n    {{ '<start_of_turn>' + role + '\n' + (first_user_prefix if loop.first else \"\") }}\n    {%- if message['content'] is string -%}\n        {{ message['content'] | trim }}\n    {%- endif -%}\n    {{ '<end_of_turn>\n' }}\n{%- endfor -%}\n{%- if add_generation_prompt -%}\n    {{'<start_of_turn>model\n'}}\n{%- endif -%}\n",
      ['<eos>', '<start_of_turn>', '<end_of_turn>'],
      { addsStart: true },
    ),
  'Llama 3': () =>
    letterModel(
      "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}",
      ['<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>'],
      { addsStart: true },
    ),
};

/** Every way a model is asked in: the four templates, and a page for one that has none. */
const ways: Readonly<Record<string, { form: SceneParts['form']; model: LetterModel }>> = {
  ...Object.fromEntries(
    Object.entries(chatModels).map(([name, model]) => [name, { form: 'chat', model: model() }]),
  ),
  'a page': { form: 'script', model: baseModel() },
};

const play = parsePlay(new TextEncoder().encode(printings.Markdown!));
const persona = personaOf(
  play,
  play.cast.find(({ name }) => name === 'MARTA')!,
  promptTemplate('marks'),
);
const recalled = [
  { speaker: 'BRUNO', text: 'The oil is low,\nand “the night” is long.' },
  {
    speaker: 'LADY ODILE',
    text: 'I had a lantern once. It went out upon the ferry, and nobody lit it.',
  },
];

type Stretch = Omit<SceneParts, 'turns'> & {
  readonly turns: readonly Turn[];
  readonly answer?: Turn | undefined;
};

/** Stretches of the invented play of 0 to 9 turns, with and without persona, memories, a point in the story and a speaker. */
function stretches(form: SceneParts['form']): Stretch[] {
  return sceneTurns(play).flatMap(({ scene, turns }) =>
    turns.flatMap((_, end) =>
      [9, 6, 3, 0].flatMap((length) =>
        [false, true].map((shown) => ({ form, ...stretch(scene, turns, { end, length, shown }) })),
      ),
    ),
  );
}

function stretch(
  scene: string,
  turns: readonly Turn[],
  { end, length, shown }: { end: number; length: number; shown: boolean },
): Omit<Stretch, 'form'> {
  const next = turns[end]!;
  const isOwn = next.speaker === persona.name;
  const speaker = isOwn || end % 3 > 0 ? persona.name : undefined;
  return {
    speaker,
    turns: turns.slice(Math.max(0, end - length), end),
    at: end % 4 > 0 ? parsePlace(scene) : undefined,
    persona: shown && speaker ? persona : undefined,
    recalled: shown && speaker && end % 2 === 0 ? recalled : [],
    answer: isOwn ? next : undefined,
  };
}

function promptText(model: LetterModel, parts: Stretch): string {
  const { tokens, prefixLength, turnFrom, continuation } = scenePrompt(model, parts);
  const next = model.spell(continuation('Keep the\nlight.'));
  return JSON.stringify([model.spell(tokens), prefixLength, turnFrom, next]);
}

function rowText(model: LetterModel, { answer, ...parts }: Stretch): string {
  const turns = [...parts.turns, answer!];
  const row = sceneRow(model, { ...parts, turns, speaker: persona.name });
  return JSON.stringify([model.spell(row.tokens), ...row.weights, row.learnt]);
}

describe('The tokens of scenes and rows', () => {
  it.each(Object.entries(ways))('are those of version 1 of the prompt for %s', (name, way) => {
    const [prompts, rows] = [createHash('sha256'), createHash('sha256')];
    for (const parts of stretches(way.form)) {
      prompts.update(promptText(way.model, parts));
      if (parts.answer) rows.update(rowText(way.model, parts));
    }
    const digests = [prompts, rows].map((hash) => hash.digest('hex').slice(0, 16));
    expect({ [name]: digests }).toEqual({ [name]: ofVersion1[name] });
  });
});

/** Words with line breaks, runs of spaces, and what looks like a label, a mark or a control token. */
const words = fc
  .array(
    fc.constantFrom(
      'Aye',
      ' sea',
      '.',
      '\n',
      '\n\n',
      '  ',
      '\t',
      '<|im_end|>',
      'MARTA. ',
      '[a3f0]',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((pieces) => `x${pieces.join('')}y`);
/** A conversation: visitors may say several things before they are answered, and speak last. */
const conversation = fc
  .tuple(
    fc.array(fc.tuple(fc.array(words, { minLength: 1, maxLength: 2 }), words), { maxLength: 5 }),
    words,
  )
  .map(([pairs, last]): Turn[] => [
    ...pairs.flatMap(([asked, said]) => [
      ...asked.map((text) => ({ speaker: VISITOR, text })),
      { speaker: persona.name, text: said },
    ]),
    { speaker: VISITOR, text: last },
  ]);

describe.each(Object.entries(ways))(
  'A conversation of several turns for %s',
  (_, { form, model }) => {
    const shared = { form, persona, at: parsePlace('1.2'), speaker: persona.name };

    it('is asked at every reply with the tokens that a training row has up to it', () => {
      fc.assert(
        fc.property(conversation, words, fc.boolean(), (turns, last, recalls) => {
          const quoted = recalls ? recalled : [];
          const said = [...turns, { speaker: persona.name, text: last }];
          const row = sceneRow(model, { ...shared, turns: said, recalled: quoted });
          const own = said.flatMap(({ speaker }, i) => (speaker === persona.name ? [i] : []));
          expect(row.learnt).toHaveLength(own.length);
          own.forEach((at, i) => {
            const isLast = i === own.length - 1;
            const asked = { ...shared, turns: said.slice(0, at), recalled: isLast ? quoted : [] };
            const prompt = scenePrompt(model, asked);
            expect(prompt.turnFrom).toBe(row.learnt[i]!.begin);
            expect(model.spell(prompt.tokens)).toBe(
              model.spell(row.tokens.slice(0, prompt.tokens.length)),
            );
            const reply = prompt.continuation(said[at]!.text);
            const end = prompt.tokens.length + reply.length;
            expect(row.tokens.slice(prompt.tokens.length, end)).toEqual(reply);
          });
        }),
      );
    });

    it('has what was said before on one line, however it was typed', () => {
      fc.assert(
        fc.property(conversation, (turns) => {
          const typed = scenePrompt(model, { ...shared, turns });
          const flat = turns.map((turn) => ({
            ...turn,
            text: turn.text.replaceAll(/\s+/g, ' ').trim(),
          }));
          expect(typed.tokens).toEqual(scenePrompt(model, { ...shared, turns: flat }).tokens);
        }),
      );
    });
  },
);

/** Made by `scenePrompt` and `sceneRow` when conversations still had a prompt of their own: what rows were trained with. */
const ofVersion1: Readonly<Record<string, readonly string[]>> = {
  SmolLM2: ['7aee9ea4daae30d9', '79a836bd20fe0aad'],
  'Qwen2.5': ['7aee9ea4daae30d9', '79a836bd20fe0aad'],
  'Gemma 3': ['4ef3fc0bc68bd10c', '8698877b954bdbcf'],
  'Llama 3': ['8dfb077f4586194d', '82caf9527b47dcfd'],
  'a page': ['0ca4a90ebe95ed3b', '2f213809f5e7843d'],
};
