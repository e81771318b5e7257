import { describe, expect, it } from 'vitest';
import { trainTextOf } from '../../measure/text/train-text.ts';
import { harbour, harbourOf } from '../../testing/plays/harbour.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { askedRequest } from './asked.ts';
import { fixedQuestions } from './fixed-questions.ts';
import { metre } from './metre.ts';
import { style } from './style.ts';

const source = harbourOf('MARTA');
const items = itemsIn(style, source, 'holdout');
const of = (metric: string, anchor: string): number =>
  figure(style, metric, anchorRows(style, items, anchor));

describe('The items of style', () => {
  it('are the twenty questions in every part, each at a scene of that part', () => {
    for (const part of ['train', 'dev', 'holdout'] as const)
      expect(itemsIn(style, source, part).map(({ question }) => question)).toEqual(fixedQuestions);
    expect(new Set(items.map(({ scene }) => scene))).toEqual(new Set(['1.3', '2.3']));
  });

  it('have ids of their own, the same each time', () => {
    const all = style.items(source);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(style.items(harbourOf('MARTA'))).toEqual(all);
  });

  it('ask what metre asks, so that it is answered once', () => {
    const others = itemsIn(metre, source, 'holdout');
    expect(items.map((item) => style.requests(item))).toEqual(
      others.map((item) => metre.requests(item)),
    );
    expect(askedRequest(items[3]!)).toMatchObject({
      context: { kind: 'question', speaker: 'MARTA', question: fixedQuestions[3], at: '1.3' },
    });
  });

  it('are about the two who say most if nobody is named', () => {
    const speakers = new Set(style.items(harbour).map(({ speaker }) => speaker));
    expect([...speakers]).toEqual(trainTextOf(harbour).speakers.slice(0, 2));
  });

  it('have words to compare that do not overlap with each other', () => {
    for (const { words } of items) {
      expect(words.original).not.toBe('');
      expect(words.otherHalf).not.toContain(words.original);
    }
  });
});

describe('Style', () => {
  it('puts the original before another character, a salad of its own words, recitation and silence', () => {
    const original = of('voice', 'original');
    expect(original).toBeGreaterThan(0.4);
    for (const anchor of ['impostor', 'shuffled', 'recitation', 'empty'])
      expect(of('voice', anchor), anchor).toBeLessThan(original);
  });

  it('finds the salad nearer than the original, and rejects it for its order', () => {
    expect(of('percentile', 'shuffled')).toBeGreaterThan(of('percentile', 'original'));
    expect(of('fluent', 'shuffled')).toBeLessThan(0.3);
    expect(of('fluent', 'original')).toBeGreaterThan(0.7);
    expect(of('voice', 'shuffled')).toBe(0);
  });

  it('rejects recitation as copied', () => {
    expect(of('recited', 'recitation')).toBe(1);
    expect(of('recited', 'original')).toBeLessThan(0.5);
    expect(of('voice', 'recitation')).toBe(0);
  });

  it('has nothing to say of silence but that it has no voice', () => {
    expect(of('voice', 'empty')).toBe(0);
    expect(of('percentile', 'empty')).toBeNaN();
    expect(of('fluent', 'empty')).toBeNaN();
    expect(of('words', 'empty')).toBe(0);
  });

  it('pools: the figure of all answers does not depend on their order', () => {
    const rows = anchorRows(style, items, 'original');
    expect(figure(style, 'impostors share', [...rows].reverse())).toBe(
      figure(style, 'impostors share', rows),
    );
  });

  it('measures diversity at a thousand words and not before', () => {
    const rows = anchorRows(style, itemsIn(style, source, 'train'), 'original');
    const words = rows.reduce((sum, { values }) => sum + values.words!, 0);
    expect(Number.isNaN(figure(style, 'distinct-2 at 1,000', rows))).toBe(words < 1020);
    const twice = figure(style, 'distinct-2 at 1,000', [...rows, ...rows, ...rows]);
    expect(twice).toBeGreaterThan(0.05);
    expect(twice).toBeLessThan(0.9);
  });

  it('can still tell from rows that were read from a file what does not take the play', () => {
    const rows = anchorRows(style, items, 'original').map((row): typeof row =>
      JSON.parse(JSON.stringify({ ...row, item: { ...row.item, train: '?' } })),
    );
    expect(figure(style, 'voice', rows)).toBeNaN();
    expect(figure(style, 'impostors share', rows)).toBeNaN();
    for (const metric of ['order gain', 'thou per 1,000', 'words', 'fluent'])
      expect(figure(style, metric, rows), metric).toBeCloseTo(of(metric, 'original'));
  });

  it('is a mean over speakers if there are several', () => {
    const both = anchorRows(style, itemsIn(style, harbour, 'holdout'), 'original');
    const each = trainTextOf(harbour)
      .speakers.slice(0, 2)
      .map((speaker) =>
        figure(
          style,
          'voice',
          both.filter(({ item }) => item.speaker === speaker),
        ),
      );
    expect(figure(style, 'voice', both)).toBeCloseTo((each[0]! + each[1]!) / 2);
  });
});
