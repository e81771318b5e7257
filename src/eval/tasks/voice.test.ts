import { describe, expect, it } from 'vitest';
import type { Answer, Row } from '../../measure/row.ts';
import { about, answered, mill } from '../../testing/plays/mill.ts';
import { voice } from './voice.ts';
import type { VoiceItem } from './voice-item.ts';
import { voiceMatrix } from './voice-matrix.ts';

const items = voice.items(mill);
const asRow = (item: VoiceItem, answers: readonly Answer[]): Row<VoiceItem> => ({
  item,
  answers,
  values: voice.measure(item, answers),
});
const rowsOf = (name: string): Row<VoiceItem>[] =>
  items.map((item) => asRow(item, voice.anchors.find((one) => one.name === name)!.answers!(item)));
const figure = (name: string, rows: Row<VoiceItem>[]): number => {
  const of = voice.metrics.find((one) => one.name === name)!.of;
  return of ? of(rows) : rows.reduce((sum, { values }) => sum + values[name]!, 0) / rows.length;
};

describe('voice', () => {
  it('has every speech of twelve words or more, tried in every voice', () => {
    expect(items.every(({ text }) => text.split(' ').length >= 12)).toBe(true);
    const [item] = items;
    const asked = voice.requests(item!);
    expect(asked.map((request) => request.context)).toEqual(
      item!.voices.map((speaker) => ({ kind: 'scene', turns: [], speaker })),
    );
    expect(asked.every((r) => r.kind === 'score' && r.continuations[0] === item!.text)).toBe(true);
  });

  it('tells one character from at most four others', () => {
    const [item] = voice.items(about(mill, 'BERTA'));
    expect(item!.voices[0]).toBe('BERTA');
    expect(item!.voices.length).toBeLessThanOrEqual(5);
    expect(new Set(item!.voices).size).toBe(item!.voices.length);
  });

  it('is perfect for one who knows, and without an idea for one who always says the same', () => {
    const known = rowsOf('original');
    for (const name of [
      'AUC',
      'pooled AUC',
      'top-1',
      'c@1',
      'F0.5u',
      'Brier',
      'diagonal dominance',
    ])
      expect(figure(name, known), name).toBeCloseTo(1, 9);
    const majority = rowsOf('majority');
    expect(figure('AUC', majority)).toBeCloseTo(0.5, 9);
    expect(figure('pooled AUC', majority)).toBeGreaterThan(0.5);
  });

  it('takes nothing for a voice that is likelier whatever is said', () => {
    const biased = rowsOf('original').map(({ item, answers }) =>
      asRow(
        item,
        answers.map((answer, i) =>
          answer.kind === 'score' ? { ...answer, nats: [answer.nats[0]! + 50 * i] } : answer,
        ),
      ),
    );
    expect(figure('AUC', biased)).toBeGreaterThan(figure('pooled AUC', biased));
  });

  it('leaves open what is as likely in every voice', () => {
    const rows = items.map((item) =>
      asRow(
        item,
        answered(voice.requests(item), () => -7),
      ),
    );
    expect(figure('AUC', rows)).toBe(0.5);
    expect(figure('c@1', rows)).toBe(0);
    expect(figure('Brier', rows)).toBeCloseTo(0.75, 9);
  });

  it('never lets naive Bayes read the scene it judges', () => {
    const elsewhere = voice.items({
      ...mill,
      split: { ...mill.split, partOf: (scene) => (scene === '1.2' ? 'holdout' : 'train') },
    });
    const noTraining = voice.items({ ...mill, split: { ...mill.split, partOf: () => 'dev' } });
    expect(noTraining.every(({ bayes }) => bayes.every((nats) => nats === 0))).toBe(true);
    expect(elsewhere.find(({ scene }) => scene === '1.2')!.bayes).not.toContain(0);
  });

  it('gives a matrix whose diagonal is each voice on its own speeches', () => {
    const { speakers, voices, cells } = voiceMatrix(rowsOf('original'));
    expect(speakers).toEqual(voices);
    cells.forEach((row, i) => {
      row.forEach((cell, j) => {
        expect(cell).toBeGreaterThanOrEqual(0);
        if (i === j) expect(cell).toBe(1);
        else expect(cell).toBeLessThan(1);
      });
    });
    expect(voiceMatrix([])).toEqual({ speakers: [], voices: [], cells: [] });
  });

  it('asks neighbours of one part together', () => {
    for (const item of items)
      expect(item.unit.startsWith(mill.split.partOf(item.scene))).toBe(true);
  });
});
