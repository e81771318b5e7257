import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseModel,
  chatMlModel,
  letterModel,
  ownTemplates,
} from '../testing/models/letter-model.ts';
import { type Form, type Persona, type PromptModel, VISITOR } from './prompt.ts';
import { scenePrompt } from './scene-prompt.ts';
import { type RowParts, type RowTurn, type SceneRow, sceneRow } from './scene-row.ts';

const persona: Persona = {
  name: 'OLD ADA',
  displayName: 'Old Ada',
  playTitle: 'The Keeper of the Light',
  role: 'keeper of the light',
  description: 'You are Old Ada, keeper of the light.',
  relations: ['Ben is your brother.'],
  situation: () => 'The oil is low.',
  samples: () => [],
};
const recalled = [{ speaker: 'BEN', text: 'The bell is gone.' }];
const turns: readonly RowTurn[] = [
  { speaker: 'BEN', text: 'Is it lit?' },
  { speaker: 'OLD ADA', text: 'It is,\nbrother.' },
  { speaker: 'CARA', text: 'Since when?' },
  { speaker: 'BEN', text: 'Say when.' },
  { speaker: 'OLD ADA', text: 'Since noon.' },
  { speaker: 'BEN', text: 'So.' },
];
const parts = (more: Partial<RowParts> = {}): RowParts => ({
  form: 'script',
  turns,
  speaker: 'OLD ADA',
  ...more,
});

/** The tokens as text, with what is learnt between braces. */
function spell(model: ReturnType<typeof letterModel>, { tokens, weights }: SceneRow): string {
  let text = '';
  let before = 0;
  tokens.forEach((token, i) => {
    const weight = weights[i]!;
    if (weight !== before) text += `${before === 0 ? '' : '}'}${weight === 0 ? '' : '{'}`;
    text += model.spell([token]);
    before = weight;
  });
  return before === 0 ? text : `${text}}`;
}

/** The stretches of a row that are learnt: where each begins, and its tokens. */
function learnt({ tokens, weights }: SceneRow): { at: number; tokens: number[] }[] {
  const found: { at: number; tokens: number[] }[] = [];
  tokens.forEach((token, i) => {
    if (weights[i] === 0) return;
    if (i === 0 || weights[i - 1] === 0) found.push({ at: i, tokens: [] });
    found.at(-1)!.tokens.push(token);
  });
  return found;
}

describe('A row in script form', () => {
  it('is the page up to the last answer, with the answers and their ends learnt', () => {
    const model = baseModel();
    expect(spell(model, sceneRow(model, parts()))).toBe(
      '⟨start⟩BEN. Is it lit?\n\nOLD ADA.{ It is, brother.\n\n}CARA. Since when?\n\n' +
        'BEN. Say when.\n\nOLD ADA.{ Since noon.\n\n}',
    );
  });

  it('can teach everybody who speaks', () => {
    const model = baseModel();
    const everybody = turns.map((turn) => ({ ...turn, lossWeight: 1 }));
    const text = spell(model, sceneRow(model, parts({ turns: everybody })));
    expect(text).toMatch(/^⟨start⟩BEN\.\{ Is it lit\?\n\n\}OLD ADA\.\{.*\}BEN\.\{ So\.\n\n\}$/s);
  });

  it('shows what is recalled before the last question', () => {
    const model = baseModel();
    const text = spell(model, sceneRow(model, parts({ recalled })));
    expect(text).toMatch(
      /Since when\?\n\n\[OLD ADA remembers: .*\]\n\nBEN\. Say when\.\n\nOLD ADA\.\{/s,
    );
  });

  it('has a full stop and the line ends after it as one token where the vocabulary has', () => {
    const plain = baseModel();
    const joined = 0x1f_ffff;
    const model: PromptModel = {
      ...plain,
      tokenize: (text) =>
        Int32Array.from(text.match(/\.\n\n|./gsu) ?? [], (piece) =>
          piece.length > 1 ? joined : piece.codePointAt(0)!,
        ),
    };
    const row = sceneRow(model, parts());
    const [first, second] = learnt(row);
    expect(first!.tokens.at(-1)).toBe(joined);
    const before = scenePrompt(model, {
      form: 'script',
      turns: turns.slice(0, 4),
      speaker: 'OLD ADA',
    });
    expect(row.tokens.slice(0, second!.at)).toEqual(before.tokens);
  });
});

describe('A row in chat form', () => {
  const model = chatMlModel();

  it('has the answers and the tokens that end them learnt, and no other end', () => {
    const row = sceneRow(model, parts({ form: 'chat' }));
    expect(spell(model, row)).toBe(
      '⟨<|im_start|>⟩user\nBen: Is it lit?⟨<|im_end|>⟩\n' +
        '⟨<|im_start|>⟩assistant\n{It is, brother.⟨<|im_end|>⟩}\n' +
        '⟨<|im_start|>⟩user\nCara: Since when?\nBen: Say when.⟨<|im_end|>⟩\n' +
        '⟨<|im_start|>⟩assistant\n{Since noon.⟨<|im_end|>⟩}',
    );
  });

  it('opens every answer as it is asked for', () => {
    const thinker = letterModel(ownTemplates.thinker, ['<|im_start|>', '<|im_end|>']);
    const text = spell(thinker, sceneRow(thinker, parts({ form: 'chat' })));
    expect(text.match(/assistant\n<think>\n\n<\/think>\n\n\{/g)).toHaveLength(2);
  });

  it('ends an answer with the token that its template has', () => {
    const gemma = letterModel(ownTemplates.gemma, ['<start_of_turn>', '<end_of_turn>']);
    expect(spell(gemma, sceneRow(gemma, parts({ form: 'chat' })))).toMatch(
      /model\n\{Since noon\.⟨<end_of_turn>⟩\}$/,
    );
    const mistral = letterModel(ownTemplates.mistral, ['[INST]', '[/INST]', '</s>']);
    expect(spell(mistral, sceneRow(mistral, parts({ form: 'chat' })))).toMatch(
      /⟨\[\/INST\]⟩\{Since noon\.⟨<\/s>⟩\}$/,
    );
  });

  it('asks for two answers in a row one by one', () => {
    const twice = [...turns.slice(0, 2), { speaker: 'OLD ADA', text: 'Look.' }];
    expect(spell(model, sceneRow(model, parts({ form: 'chat', turns: twice })))).toMatch(
      /brother\.⟨<\|im_end\|>⟩\}\n⟨<\|im_start\|>⟩user\n…⟨<\|im_end\|>⟩\n⟨<\|im_start\|>⟩assistant\n\{Look/,
    );
  });

  it('teaches nobody but the speaker, and no model whose template is not known', () => {
    const everybody = turns.map((turn) => ({ ...turn, lossWeight: 1 }));
    expect(() => sceneRow(model, parts({ form: 'chat', turns: everybody }))).toThrow(
      /BEN is learnt/,
    );
    expect(() => sceneRow(baseModel(), parts({ form: 'chat' }))).toThrow(RangeError);
  });
});

describe.each<Form>(['chat', 'script'])('Every row in %s form', (form) => {
  const model = form === 'chat' ? chatMlModel() : baseModel();
  const said = fc.stringMatching(/^[A-Z][a-z]{0,5}( [a-z]{1,5}\n?){0,3}[.?!]$/);
  const who = fc.constantFrom('BEN', 'CARA', VISITOR);
  /** A few turns of the others, then one of the speaker's own, and so on. */
  const exchanges = fc.array(
    fc.tuple(
      fc.array(fc.record({ speaker: who, text: said }), { minLength: 1, maxLength: 3 }),
      said,
    ),
    { minLength: 1, maxLength: 4 },
  );

  it('is what is asked and answered, token for token', () => {
    fc.assert(
      fc.property(exchanges, fc.boolean(), fc.boolean(), (scene, shown, recalls) => {
        const turns = scene.flatMap(([others, text]) => [
          ...others,
          { speaker: persona.name, text },
        ]);
        const more = { form, persona: shown ? persona : undefined, speaker: persona.name };
        const row = sceneRow(model, { ...more, turns, recalled: recalls ? recalled : [] });
        const own = turns.flatMap(({ speaker }, i) => (speaker === persona.name ? [i] : []));
        const answers = learnt(row);
        expect(answers).toHaveLength(own.length);
        own.forEach((turn, i) => {
          const quoted = recalls && i === own.length - 1 ? recalled : [];
          const { tokens, turnFrom, continuation } = scenePrompt(model, {
            ...more,
            turns: turns.slice(0, turn),
            recalled: quoted,
          });
          const end =
            form === 'chat' ? [model.special('<|im_end|>')!] : [...model.tokenize('\n\n')];
          const { at, tokens: answer } = answers[i]!;
          expect(row.tokens.slice(0, at)).toEqual(tokens);
          expect(answer).toEqual([...continuation(turns[turn]!.text), ...end]);
          expect(row.learnt[i]).toEqual({ begin: turnFrom, end: at + answer.length });
        });
        expect(row.weights).toHaveLength(row.tokens.length);
        expect(row.weights.at(-1)).toBe(1);
      }),
    );
  });

  it('weighs as its turns say, below nothing too', () => {
    const weights = [0, 0.5, 0, 0, -0.25, 0];
    const weighed = turns.map((turn, i) => ({ ...turn, lossWeight: weights[i] }));
    const row = sceneRow(model, parts({ form, turns: weighed }));
    expect([...new Set(row.weights)]).toEqual([0, 0.5, -0.25]);
  });

  it('is refused if nothing is learnt', () => {
    const context = turns.map((turn) => ({ ...turn, lossWeight: 0 }));
    expect(() => sceneRow(model, parts({ form, turns: context }))).toThrow(/no turn/);
  });
});
