import { expect, it } from 'vitest';
import type { TrainingRow } from '../corpus/rows/training-row.ts';
import { VISITOR } from '../prompt/prompt.ts';
import { promptTemplate } from '../prompt/prompt-template.ts';
import { baseModel } from '../testing/models/letter-model.ts';
import { playOf } from '../testing/plays/scene-table.ts';
import { sequencesOf } from './sequences.ts';

const shown = playOf({ '1.1': [['ADA', 'It is the river that I owe.']] });
const row: TrainingRow = {
  id: '0123456789abcdef',
  edition: 'e'.repeat(64),
  play: 'weighing',
  speaker: 'ADA',
  kind: 'know',
  turns: [
    { speaker: VISITOR, text: 'Who filed the beam?', lossWeight: 0 },
    { speaker: 'ADA', text: 'My father did.', lossWeight: 1 },
  ],
  shows: { persona: false, memory: true, directions: false },
  recalled: ['My father filed the beam.', 'Ben owed me salt.'],
  source: 'digests of the play',
};

async function spelt(more: Partial<TrainingRow>): Promise<string> {
  const model = baseModel();
  const made = await sequencesOf(model, [{ ...row, ...more }], {
    form: 'script',
    context: 2000,
    shown,
  });
  return model.spell(made[0]!.tokens);
}

it('shows a row what it says is remembered, without a memory to search', async () => {
  const text = await spelt({});
  expect(text).toContain('My father filed the beam.');
  expect(text.indexOf('filed the beam.')).toBeLessThan(text.indexOf('My father did.'));
});

it('shows a model no more facts than it bears, that which answers first', async () => {
  const recalled = Array.from({ length: 9 }, (_, i) => `Fact number ${i} was told.`);
  const text = await spelt({ recalled });
  const { facts } = promptTemplate().answering![0]!;
  expect(text.match(/Fact number \d/g)).toEqual(
    Array.from({ length: facts }, (_, i) => `Fact number ${i}`),
  );
});

it('shows questions as answered before, as a conversation does, where the persona is told', async () => {
  const [example] = promptTemplate().answering![0]!.examples;
  expect(await spelt({ shows: { ...row.shows, persona: true } })).toContain(example!.question);
  expect(
    await spelt({ shows: { ...row.shows, persona: true }, recalled: undefined }),
  ).not.toContain(example!.question);
});

it('shows nothing of it to a row that is to have no memories', async () => {
  const text = await spelt({ shows: { persona: false, memory: false, directions: false } });
  expect(text).not.toContain('filed the beam.');
  expect(text).toContain('My father did.');
});
