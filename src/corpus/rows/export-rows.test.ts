import { describe, expect, it } from 'vitest';
import { personaOf } from '../../prompt/persona/persona.ts';
import { playOf } from '../../testing/plays/scene-table.ts';
import type { Source } from '../source.ts';
import { exportFormats, exportRow } from './export-rows.ts';
import { readRows } from './read-rows.ts';
import type { TrainingRow } from './training-row.ts';
import { trainingRows } from './training-rows.ts';

const play = playOf({
  '1.1': [
    ['ADA', 'Who put the salt there?'],
    ['BEN', 'Not I.'],
    ['CLEO', 'Nor I.'],
    ['ADA', 'Then it walked.'],
  ],
});
const member = play.cast[0]!;
const source: Source = {
  id: 'weighing',
  play,
  sha256: 'e'.repeat(64),
  split: { folds: 5, partOf: () => 'train', foldOf: () => 0 },
  character: member,
};
const persona = personaOf(play, member);
const drops = { persona: 1, memory: 1, directions: 1 };
const [row] = trainingRows(source, { drops }) as [TrainingRow];
const tags = { speaker: 'ADA', source: 'weighing 1.1.1 to 1.1.4 (eeeeeeeeeeee)' };

describe('exportRow', () => {
  it('gives messages as a chat has them', () => {
    const [line] = exportRow(row, 'chat', persona);
    expect(JSON.parse(line!)).toEqual({
      messages: [
        { role: 'user', content: '…' },
        { role: 'assistant', content: 'Who put the salt there?' },
        { role: 'user', content: 'Ben: Not I.\nCleo: Nor I.' },
        { role: 'assistant', content: 'Then it walked.' },
      ],
      ...tags,
    });
    const shown = { ...row, shows: { ...row.shows, persona: true } };
    expect(JSON.parse(exportRow(shown, 'chat', persona)[0]!).messages[0]).toEqual({
      role: 'system',
      content: 'You are Ada.',
    });
  });

  it('gives ShareGPT conversations', () => {
    const { conversations } = JSON.parse(exportRow(row, 'sharegpt', persona)[0]!);
    expect(conversations.map(({ from }: { from: string }) => from)).toEqual([
      'human',
      'gpt',
      'human',
      'gpt',
    ]);
  });

  it('gives Alpaca a line for each answer', () => {
    expect(exportRow(row, 'alpaca', persona).map((line) => JSON.parse(line))).toEqual([
      {
        instruction: 'Answer as Ada in The Weighing House.',
        input: '',
        output: 'Who put the salt there?',
        ...tags,
      },
      {
        instruction: 'Answer as Ada in The Weighing House.',
        input: 'ADA. Who put the salt there?\nBEN. Not I.\nCLEO. Nor I.',
        output: 'Then it walked.',
        ...tags,
      },
    ]);
  });

  it('gives the page as text', () => {
    expect(exportRow(row, 'text', persona)).toEqual([
      'ADA. Who put the salt there?\n\nBEN. Not I.\n\nCLEO. Nor I.\n\nADA. Then it walked.\n\n',
    ]);
  });

  it('gives nothing for what is to be unlearnt', () => {
    const [contrast] = trainingRows(source, { kinds: ['contrast'] });
    for (const format of exportFormats) expect(exportRow(contrast!, format, persona)).toEqual([]);
  });

  it('gives what can be read again, with where it is from', () => {
    for (const format of ['chat', 'sharegpt', 'alpaca'] as const) {
      const text = exportRow(row, format, persona).join('\n');
      const { rows } = readRows(text, source, 'again.jsonl');
      expect(rows.every((again) => again.source === tags.source)).toBe(true);
      expect(
        rows
          .flatMap(({ turns }) => turns.filter(({ lossWeight }) => lossWeight > 0))
          .map(({ text }) => text),
      ).toEqual(['Who put the salt there?', 'Then it walked.']);
    }
  });
});
