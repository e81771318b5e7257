import { describe, expect, it } from 'vitest';
import { baseModel, chatMlModel } from '../testing/models/letter-model.ts';
import { letters, spell } from './page.ts';
import type { Form, Persona, SceneParts } from './prompt.ts';
import { scenePrompt } from './scene-prompt.ts';

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
const turns = [
  { speaker: 'BEN', text: 'Is it lit?' },
  { speaker: 'CARA', text: 'It was,\nI think.' },
  { speaker: 'OLD ADA', text: 'It is.' },
  { speaker: 'BEN', text: 'Since when?' },
];
const parts = (more: Partial<SceneParts> = {}): SceneParts => ({
  form: 'chat',
  turns,
  speaker: 'OLD ADA',
  ...more,
});

describe('A scene in chat form', () => {
  const model = chatMlModel();

  it('gives the others names in messages, and the speaker the other side', () => {
    const { tokens, continuation } = scenePrompt(model, parts());
    expect(model.spell(tokens)).toBe(
      '⟨<|im_start|>⟩user\nBen: Is it lit?\nCara: It was, I think.⟨<|im_end|>⟩\n' +
        '⟨<|im_start|>⟩assistant\nIt is.⟨<|im_end|>⟩\n' +
        '⟨<|im_start|>⟩user\nBen: Since when?⟨<|im_end|>⟩\n⟨<|im_start|>⟩assistant\n',
    );
    expect(model.spell(continuation('Since\nnoon.'))).toBe('Since noon.');
  });

  it('ends where a label comes next if nobody is to speak', () => {
    const { tokens, continuation } = scenePrompt(model, parts({ speaker: undefined }));
    expect(model.spell(tokens)).toMatch(/Old Ada: It is\.\nBen: Since when\?⟨<\|im_end\|>⟩\n⟨/);
    expect(model.spell(continuation('OLD ADA'))).toBe('Old Ada:');
  });

  it('lets somebody speak to whom nobody has spoken', () => {
    const { tokens } = scenePrompt(model, parts({ turns: [] }));
    expect(model.spell(tokens)).toContain('user\n…⟨<|im_end|>⟩');
    const own = scenePrompt(model, parts({ turns: turns.slice(2, 3) }));
    expect(model.spell(own.tokens)).toMatch(/user\n….*assistant\nIt is\..*user\n….*assistant\n$/s);
  });
});

describe('A scene in script form', () => {
  const model = baseModel();

  it('is the page up to the label of who speaks', () => {
    const { tokens, continuation } = scenePrompt(model, parts({ form: 'script' }));
    expect(model.spell(tokens)).toBe(
      '⟨start⟩BEN. Is it lit?\n\nCARA. It was, I think.\n\nOLD ADA. It is.\n\nBEN. Since when?\n\nOLD ADA.',
    );
    expect(model.spell(continuation('Since\nnoon.'))).toBe(' Since noon.');
  });

  it('ends at the end of the paragraph, or where one of the two who talk would be named', () => {
    const { stop } = scenePrompt(model, parts({ form: 'script' }));
    expect(stop).toEqual(['\n\n', '\nBEN.', '\nOLD ADA.']);
    const own = scenePrompt(model, parts({ form: 'script', turns: turns.slice(1, 3) }));
    expect(own.stop).toEqual(['\n\n', '\nCARA.', '\nOLD ADA.']);
    const alone = scenePrompt(model, parts({ form: 'script', turns: [] }));
    expect(alone.stop).toEqual(['\n\n', '\nOLD ADA.']);
  });

  it('ends before the label if nobody is to speak, and a label ends with its stop', () => {
    const { tokens, continuation } = scenePrompt(
      model,
      parts({ form: 'script', speaker: undefined }),
    );
    expect(model.spell(tokens)).toMatch(/BEN\. Since when\?\n\n$/);
    expect(model.spell(continuation('OLD ADA'))).toBe('OLD ADA.');
  });

  it('is plain text for a model whose tokens are letters', () => {
    const { tokens } = scenePrompt(letters, parts({ form: 'script', persona }));
    expect(spell(tokens)).toMatch(/^THE KEEPER OF THE LIGHT\n\nOLD ADA, keeper of the light\./);
  });
});

describe('Who a turn is meant for', () => {
  const addressed = parts({
    turns: [
      { speaker: 'BEN', text: 'Is it\nlit?', manner: 'To Old Ada' },
      { speaker: 'OLD ADA', text: 'Hm.', manner: 'Aside' },
      ...turns.slice(3),
    ],
    manner: 'To Ben',
  });

  it('stands before the words on a page, and opens the next turn', () => {
    const model = baseModel();
    const { tokens, turnFrom, continuation } = scenePrompt(model, { ...addressed, form: 'script' });
    expect(model.spell(tokens)).toBe(
      '⟨start⟩BEN. [To Old Ada] Is it lit?\n\nOLD ADA. [Aside] Hm.\n\nBEN. Since when?\n\nOLD ADA. [To Ben]',
    );
    expect(model.spell(tokens.slice(turnFrom))).toBe('OLD ADA. [To Ben]');
    expect(model.spell(continuation('Since\nnoon.'))).toBe(' Since noon.');
  });

  it('stands before the words in a chat, and opens the answer', () => {
    const model = chatMlModel();
    const { tokens, continuation } = scenePrompt(model, addressed);
    expect(model.spell(tokens)).toMatch(
      /user\nBen: \[To Old Ada\] Is it lit\?⟨.*assistant\n\[Aside\] Hm\.⟨.*user\nBen: Since when\?⟨.*assistant\n\[To Ben\]$/s,
    );
    expect(model.spell(continuation('Since noon.'))).toBe(' Since noon.');
  });
});

describe.each<Form>(['chat', 'script'])('Every scene in %s form', (form) => {
  const model = form === 'chat' ? chatMlModel() : baseModel();

  it('begins with the persona, and is never empty', () => {
    const { tokens, prefixLength } = scenePrompt(model, parts({ form, persona }));
    const bare = scenePrompt(model, parts({ form, turns: [], speaker: undefined }));
    expect(bare.tokens.length).toBeGreaterThan(0);
    const other = scenePrompt(model, parts({ form, persona, turns: turns.slice(0, 1) }));
    expect(other.tokens.slice(0, prefixLength)).toEqual(tokens.slice(0, prefixLength));
    expect(prefixLength).toBeGreaterThan(20);
  });
});
