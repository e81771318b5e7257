import { describe, expect, it } from 'vitest';
import type { Answer } from '../../measure/row.ts';
import { trainTextOf } from '../../measure/text/train-text.ts';
import { words } from '../../play/words.ts';
import { harbour, harbourOf } from '../../testing/plays/harbour.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { recite } from './recite.ts';

const train = itemsIn(recite, harbour, 'train');
const holdout = itemsIn(recite, harbour, 'holdout');
const said = (text: string): Answer[] => [{ kind: 'text', text, tokens: 0, stop: 'end' }];

describe('The items of recite', () => {
  it('are forty words of a speech and how it goes on', () => {
    for (const { kind, prefix, continuation } of [...train, ...holdout]) {
      expect(prefix.split(' ')).toHaveLength(40);
      expect(continuation.split(' ').length).toBeGreaterThanOrEqual(12);
      if (kind === 'canary') continue;
      const run = words(`${prefix} ${continuation}`).join(' ');
      const speech = trainTextOf(harbour).speeches.some(({ words: own }) =>
        own.join(' ').includes(run),
      );
      expect(speech).toBe(train.some((item) => item.prefix === prefix));
    }
  });

  it('are sixteen passages a part at most, and half as many canaries', () => {
    const kinds = train.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'passage').length).toBeLessThanOrEqual(16);
    expect(kinds.filter((kind) => kind === 'canary').length).toBeLessThanOrEqual(8);
    expect(kinds).toContain('canary');
  });

  it('are the same each time, and the character’s own if one is named', () => {
    expect(itemsIn(recite, harbour, 'train')).toEqual(train);
    const own = recite.items(harbourOf('MARTA')).filter(({ kind }) => kind === 'passage');
    const text = trainTextOf(harbour);
    const starts = new Set(text.by('MARTA').map(({ place }) => place));
    for (const { place, scene } of own)
      if (harbour.split.partOf(scene) === 'train') expect(starts).toContain(place);
  });
});

describe('Recite', () => {
  const of = (metric: string, anchor: string, items = train): number =>
    figure(recite, metric, anchorRows(recite, items, anchor));

  it('extracts all of what is recited, canaries too', () => {
    for (const items of [train, holdout]) {
      expect(of('extracted', 'recitation', items)).toBe(1);
      expect(of('canary extracted', 'recitation', items)).toBe(1);
    }
    expect(of('copied 8-grams', 'recitation')).toBe(1);
  });

  it('extracts nothing of the same words in another order, nor of silence', () => {
    for (const anchor of ['shuffled', 'empty']) {
      expect(of('extracted', anchor)).toBe(0);
      expect(of('copied 8-grams', anchor)).toBe(0);
    }
    expect(of('longest run', 'empty')).toBe(0);
  });

  it('wants eight words in a row, wherever they begin', () => {
    const item = train.find(({ kind }) => kind === 'passage')!;
    const next = words(item.continuation);
    const value = (count: number): number =>
      recite.measure(item, said(`Well now: ${next.slice(1, 1 + count).join(' ')}`)).extracted!;
    expect(value(7)).toBe(0);
    expect(value(8)).toBe(1);
  });

  it('is asked for greedily', () => {
    expect(recite.requests(train[0]!)).toMatchObject([
      { kind: 'text', context: { kind: 'text' }, temperature: 0, maxTokens: 48 },
    ]);
  });
});
