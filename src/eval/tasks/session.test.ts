import { describe, expect, it } from 'vitest';
import type { Row } from '../../measure/row.ts';
import { prng, shuffled } from '../../measure/statistics/prng.ts';
import { harbour, harbourOf } from '../../testing/plays/harbour.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { spoken } from './asked.ts';
import { type SessionItem, session } from './session.ts';
import { style } from './style.ts';

const source = harbourOf('MARTA');
const items = itemsIn(session, source, 'holdout');
const of = (metric: string, anchor: string): number =>
  figure(session, metric, anchorRows(session, items, anchor));
const saying = (reply: (item: SessionItem) => string): Row<SessionItem>[] =>
  items.map((item) => {
    const answers = spoken(reply(item));
    return { item, answers, values: session.measure(item, answers) };
  });

describe('The items of session', () => {
  it('are ten questions in every part that style asks too, so that they are answered once', () => {
    const asked = new Set(
      itemsIn(style, source, 'holdout').map((item) => JSON.stringify(style.requests(item))),
    );
    expect(items).toHaveLength(10);
    for (const item of items) expect(asked.has(JSON.stringify(session.requests(item)))).toBe(true);
  });

  it('are about four at most if nobody is named', () => {
    const speakers = new Set(session.items(harbour).map(({ speaker }) => speaker));
    expect([...speakers].sort()).toEqual(['BRUNO', 'MARTA', 'ODILE']);
  });

  it('are there where a whole play is held out', () => {
    const { split } = harbour;
    const whole = { ...harbour, split: { ...split, partOf: () => 'holdout' as const } };
    expect(session.items(whole).length).toBeGreaterThan(20);
  });
});

describe('Session', () => {
  it('puts the original before another character, a salad of its own words, recitation and silence', () => {
    const original = of('like own', 'original');
    expect(original).toBeGreaterThan(0.4);
    for (const anchor of ['impostor', 'shuffled', 'recitation', 'empty'])
      expect(of('like own', anchor), anchor).toBeLessThan(original);
    expect(of('like own', 'empty')).toBe(0);
  });

  it('hears that the original is the character, and that another is not', () => {
    expect(of('ahead of others', 'original')).toBeGreaterThan(0.8);
    expect(of('ahead of others', 'original')).toBeGreaterThan(of('ahead of others', 'impostor'));
    expect(of('percentile', 'impostor')).toBeLessThan(0.05);
  });

  it('finds words of its own stuffed together more like the character than any original, and rejects them', () => {
    const own = ['never', 'my', 'yet', 'think', 'and', 'not', 'is', 'i'];
    const stuffed = saying(({ id }) =>
      Array.from({ length: 6 }, (_, i) =>
        shuffled(own, prng(Number.parseInt(id.slice(0, 8), 16) + i)),
      )
        .flat()
        .join(' '),
    );
    expect(figure(session, 'percentile', stuffed)).toBe(1);
    expect(figure(session, 'like own', stuffed)).toBe(0);
  });

  it('tells the replies of several apart, and not the same replies of all', () => {
    const all = itemsIn(session, harbour, 'holdout');
    const by = (anchor: string): number =>
      figure(session, 'apart', anchorRows(session, all, anchor));
    expect(by('original')).toBe(1);
    expect(by('impostor')).toBeLessThan(0.5);
    const answers = spoken(all[0]!.words.original);
    const same = all.map((item) => ({
      item,
      answers,
      values: session.measure({ ...item, scene: all[0]!.scene }, answers),
    }));
    expect(figure(session, 'apart', same)).toBe(0.5);
    expect(of('apart', 'original')).toBeNaN();
  });

  it('cannot be told of a few words', () => {
    const few = saying(() => 'And yet.');
    for (const metric of ['like own', 'percentile', 'ahead of others'])
      expect(figure(session, metric, few)).toBeNaN();
  });

  it('is the mean over sessions of ten, whoever is asked first', () => {
    const originals = saying(({ words }) => words.original);
    const silent = saying(() => '');
    const whole = figure(session, 'like own', originals);
    expect(figure(session, 'like own', [...originals, ...silent])).toBeCloseTo(whole / 2, 9);
    const mixed = figure(session, 'percentile', shuffled(originals, prng(1)));
    expect(mixed).toBe(figure(session, 'percentile', originals));
  });
});
