import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DramatisError } from '../../errors.ts';
import { VISITOR } from '../../prompt/prompt.ts';
import { playOf } from '../../testing/plays/scene-table.ts';
import { requireSound } from '../gates/data-gate.ts';
import type { Source } from '../source.ts';
import { readRows } from './read-rows.ts';
import { rowKinds } from './training-row.ts';
import { trainingRows } from './training-rows.ts';

const play = playOf({
  '1.1': [
    ['BEN', 'Who put the salt upon the left pan?'],
    ['ADA', 'It put itself there.'],
    ['CLEO', 'And walked off whistling.'],
  ],
  '1.2': [
    ['CLEO', 'The beam is false.'],
    ['ADA', 'Then ask him who filed it.'],
  ],
});
const source: Source = {
  id: 'weighing',
  play,
  sha256: 'e'.repeat(64),
  split: { folds: 5, partOf: () => 'train', foldOf: () => 0 },
  character: play.cast.find(({ name }) => name === 'ADA'),
};
const read = (...lines: unknown[]) =>
  readRows(lines.map((line) => JSON.stringify(line)).join('\n'), source, 'more.jsonl');

describe('readRows', () => {
  it('reads back our own rows of every kind, as they were', () => {
    const rows = trainingRows(source, { kinds: rowKinds, everyone: true });
    expect(read(...rows).rows.map((row) => JSON.parse(JSON.stringify(row)))).toEqual(
      JSON.parse(JSON.stringify(rows)),
    );
    requireSound(read(...rows).rows, [source]);
  });

  it('reads rows of former programs, which called a weight "learn" and a pair’s other half "instead"', () => {
    const rows = trainingRows(source, { kinds: rowKinds, everyone: true });
    const former = JSON.stringify(rows)
      .replaceAll('"lossWeight":', '"learn":')
      .replaceAll('"preferred":', '"instead":');
    expect(former).toContain('"instead":');
    expect(read(...JSON.parse(former)).rows).toEqual(read(...rows).rows);
  });

  it('works names out again: a changed row is not what it says it is', () => {
    const [row] = trainingRows(source);
    const [again] = read({ ...row, id: 'feedfeedfeedfeed', scene: '9.9' }).rows;
    expect(again).toMatchObject({ id: row!.id, scene: '1.1' });
  });

  it.each([
    [
      'messages',
      {
        messages: [
          { role: 'system', content: 'You are Ada.' },
          { role: 'user', content: 'Is it heavy?' },
          { role: 'assistant', content: 'As salt.' },
          { role: 'user', content: 'So.' },
        ],
      },
    ],
    [
      'ShareGPT',
      {
        conversations: [
          { from: 'human', value: 'Is it heavy?' },
          { from: 'gpt', value: 'As salt.' },
        ],
      },
    ],
    ['Alpaca', { instruction: 'Is it heavy?', input: '', output: 'As salt.' }],
  ])('reads %s as a visitor’s question and an answer, without a place', (_, record) => {
    const { rows } = read({ ...record, source: 'the author' });
    expect(rows).toMatchObject([
      {
        kind: 'given',
        speaker: 'ADA',
        source: 'the author',
        turns: [
          { speaker: VISITOR, text: 'Is it heavy?', lossWeight: 0 },
          { speaker: 'ADA', text: 'As salt.', lossWeight: 1 },
        ],
      },
    ]);
    requireSound(rows, [source]);
    expect(() => requireSound(read(record).rows, [source])).toThrow(/no place and no source/);
  });

  it('tells which lines rows are from, empty lines counted', () => {
    const line = JSON.stringify({ instruction: 'Is it?', output: 'It is.' });
    expect(readRows(`\n${line}\n\n${line}\n`, source, 'more.jsonl').lines).toEqual([2, 4]);
  });

  it.each([
    [[1], 'is not an object'],
    [{ text: 'As salt.' }, 'has neither turns, messages, conversations nor an instruction'],
    [{ instruction: 'Is it?' }, 'has no text under "output"'],
    [{ messages: [{ role: 'user', content: 'Is it?' }] }, 'has nothing that is learnt'],
    [{ messages: [{ role: 'tool', content: '' }] }, 'has a message of "tool"'],
    [{ turns: [{ speaker: 'ADA', text: 'It is.', lossWeight: 1e9 }] }, 'that weighs 1000000000'],
    [
      { turns: [{ speaker: 'ADA', text: 'It is.', lossWeight: 1, place: '1' }] },
      'has "1" for a place',
    ],
    [{ turns: [7] }, 'has a turn that is no object'],
  ])('refuses %j with its line', (record, why) => {
    const good = { instruction: 'Is it?', output: 'It is.' };
    expect(() => read(good, record)).toThrow(`line 2 of more.jsonl`);
    expect(() => read(good, record)).toThrow(why);
  });

  it('gives rows or a refusal for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          expect(readRows(text, source, 'more.jsonl').rows.length).toBeLessThanOrEqual(text.length);
        } catch (error) {
          expect(error).toBeInstanceOf(DramatisError);
          expect((error as DramatisError).code).toBe('DATA_REFUSED');
        }
      }),
    );
  });
});
