import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../../measure/metric.ts';
import type { Item, Row } from '../../measure/row.ts';
import { trainTextOf } from '../../measure/text/train-text.ts';
import { harbourOf } from '../../testing/plays/harbour.ts';
import { noUsage } from '../subject.ts';
import type { Task } from '../task.ts';
import { itemsIn } from '../tasks/anchor-rows.test.support.ts';
import { quartet } from '../tasks/quartet.ts';
import { style } from '../tasks/style.ts';
import { distributionsOf } from './distributions.ts';
import type { Measured } from './evaluate.ts';

const words: Metric = {
  name: 'words',
  unit: 'words',
  higherIsBetter: null,
  spread: { label: 'words of a reply', of: ({ values }) => [values.words!] },
};

const rowsOf = (values: readonly number[]): Row[] =>
  values.map((value, i) => ({
    item: { id: `${i}`, task: 'talk', scene: '1.1', place: `1.1.${i}` },
    answers: [],
    values: { words: value },
  }));

function measuredOf(task: Task, rows: Readonly<Record<string, readonly Row[]>>): Measured {
  const result = {
    task: task.name,
    version: 1,
    summary: '',
    items: 0,
    metrics: [],
    broken: [],
    evaluatedTokens: 0,
    scoredTokens: 0,
    generatedTokens: 0,
  };
  return { task, rows: new Map(Object.entries(rows)), result, seconds: 0, usage: noUsage };
}

const talk: Task = {
  name: 'talk',
  version: 1,
  summary: '',
  metrics: [{ name: 'accuracy', unit: 'share', higherIsBetter: true }, words],
  anchors: [{ name: 'original' }, { name: 'shuffled' }],
  invariants: [],
  items: () => [],
  requests: () => [],
  measure: () => ({}),
};

describe('The distributions of a run', () => {
  it('are those of metrics with a spread, by the rows that are compared', () => {
    const rows = { subject: rowsOf([9, 2]), base: rowsOf([40]), original: rowsOf([3]) };
    expect(distributionsOf([measuredOf(talk, { ...rows, shuffled: rowsOf([3]) })])).toEqual([
      {
        task: 'talk',
        metric: 'words',
        unit: 'words',
        label: 'words of a reply',
        rows: { subject: [2, 9], base: [40], original: [3] },
      },
    ]);
  });

  it('have no row without values, and are none without rows', () => {
    const empty = { subject: rowsOf([Number.NaN]), original: [] };
    expect(distributionsOf([measuredOf(talk, empty)])).toEqual([]);
  });

  it('are what a reader of JSON gets: ascending, to six decimals, whatever the order of the items', () => {
    const value = fc.double({ min: 0, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const of = (list: readonly number[]) =>
          distributionsOf([measuredOf(talk, { subject: rowsOf(list) })])[0]!.rows.subject!;
        const found = of(values);
        expect(of([...values].reverse())).toEqual(found);
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
        const nearest = [...values].sort((a, b) => a - b);
        for (const [i, one] of found.entries())
          expect(Math.abs(one - nearest[i]!)).toBeLessThanOrEqual(5.01e-7);
      }),
    );
  });
});

describe('The originals of a distribution', () => {
  const source = harbourOf('MARTA');

  it('are whole speeches where the row of originals is cut to the length of replies', () => {
    const items = itemsIn(style, source, 'holdout');
    const rows = items.map((item) => ({ item, answers: [], values: { words: 75 } }));
    const [found] = distributionsOf([
      measuredOf(style as unknown as Task, { original: rows as unknown as Row<Item>[] }),
    ]);
    const lengths = trainTextOf(source)
      .by('MARTA')
      .map((speech) => speech.words.length);
    expect(found!.rows.original).toEqual(lengths.sort((a, b) => a - b));
  });

  it('are every turn and every speaker of a conversation', () => {
    const said = ['one two three', 'one', '', 'one two', 'one two', 'one two', 'one', 'one'];
    const turns = said.map((text, i) => ({ speaker: ['A', 'B', 'C'][i % 3]!, text }));
    const item = {
      id: '1',
      task: 'quartet',
      scene: '1.1',
      place: '1.1.1',
      names: [],
      turns,
      speakers: ['A', 'B', 'C', 'D'],
    };
    const rows = [{ item, answers: [], values: {} }];
    const found = distributionsOf([
      measuredOf(quartet as unknown as Task, { original: rows as unknown as Row<Item>[] }),
    ]);
    expect(found.map(({ metric, rows: { original } }) => [metric, original])).toEqual([
      ['turn Gini', [0, 0.25, 0.375, 0.375]],
      ['words per turn', [0, 1, 1, 1, 2, 2, 2, 3]],
    ]);
  });
});
