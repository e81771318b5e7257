import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../measure/row.ts';
import { harbourOf } from '../../testing/plays/harbour.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { metre } from './metre.ts';

const source = harbourOf('MARTA');
const items = itemsIn(metre, source, 'holdout');
const of = (metric: string, anchor: string): number =>
  figure(metre, metric, anchorRows(metre, items, anchor));
const said = (text: string): Answer[] => [{ kind: 'text', text, tokens: 0, stop: 'end' }];

beforeAll(() => metre.prepare!());

describe('Metre', () => {
  it('counts the lines that may have ten or eleven syllables', () => {
    const values = metre.measure(
      items[0]!,
      said(
        'The lantern burns above the weary quay,\nand goes out.\nNobody comes to see it any more.',
      ),
    );
    expect(values).toMatchObject({ lines: 3, pentameters: 2, 'in lines': 1 });
  });

  it('cuts what has no line breaks into windows, and expects as much as of the character’s windows', () => {
    const windows = metre.measure(items[0]!, said('one two three four '.repeat(5)));
    const lines = metre.measure(items[0]!, said('one two three four\n'.repeat(5)));
    expect(windows).toMatchObject({ lines: 2, 'in lines': 0 });
    expect(lines).toMatchObject({ lines: 5, 'in lines': 1 });
    expect(windows.expected! / 2).not.toBeCloseTo(lines.expected! / 5);
  });

  it('finds the original like itself, and silence like nothing', () => {
    expect(of('like own', 'original')).toBeGreaterThan(0.8);
    expect(of('like own', 'original, other half')).toBeGreaterThan(0.8);
    expect(of('like own', 'empty')).toBe(0);
    expect(of('ten or eleven', 'empty')).toBeNaN();
  });

  it('loses as much by too many verses as by too few', () => {
    const row = (pentameters: number) => ({
      item: items[0]!,
      answers: [],
      values: { lines: 10, pentameters, expected: 5 },
    });
    expect(figure(metre, 'like own', [row(2)])).toBeCloseTo(0.7);
    expect(figure(metre, 'like own', [row(8)])).toBeCloseTo(0.7);
    expect(figure(metre, 'like own', [row(2), row(8)])).toBeCloseTo(1);
  });
});
