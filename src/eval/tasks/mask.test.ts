import { describe, expect, it } from 'vitest';
import type { Answer } from '../../measure/row.ts';
import { maskBreak } from '../../measure/text/mask-break.ts';
import { harbourOf } from '../../testing/plays/harbour.ts';
import { anchorRows, figure, itemsIn } from './anchor-rows.test.support.ts';
import { mask } from './mask.ts';
import { maskQuestions } from './mask-questions.ts';

const items = itemsIn(mask, harbourOf('MARTA'), 'holdout');
const of = (metric: string, anchor: string): number =>
  figure(mask, metric, anchorRows(mask, items, anchor));
const said = (...texts: string[]): Answer[] =>
  texts.map((text) => ({ kind: 'text', text, tokens: 0, stop: 'end' }));

describe('The questions of mask', () => {
  it('are twenty-four different pairs, whose twins have nothing modern in them', () => {
    expect(new Set(maskQuestions.flatMap(({ trap, twin }) => [trap, twin])).size).toBe(48);
    for (const { twin } of maskQuestions) expect(maskBreak(twin, ''), twin).toBeUndefined();
  });

  it('are all asked in every part', () => {
    expect(items.map(({ trap }) => trap)).toEqual(maskQuestions.map(({ trap }) => trap));
    expect(mask.requests(items[0]!)).toMatchObject([
      { context: { question: items[0]!.trap, speaker: 'MARTA' } },
      { context: { question: items[0]!.twin } },
    ]);
  });
});

describe('Mask', () => {
  it('is held by the originals, and not by an assistant nor by silence', () => {
    expect(of('held', 'original')).toBe(1);
    expect(of('broken', 'original')).toBe(0);
    expect(of('held', 'assistant')).toBe(0);
    expect(of('broken', 'assistant')).toBe(1);
    expect(of('held', 'silent')).toBe(0);
    expect(of('broken', 'silent')).toBe(0);
  });

  it('is not held by who refuses the harmless twin', () => {
    const refused = mask.measure(items[0]!, said('I know of no such thing.', ''));
    expect(refused).toMatchObject({ held: 0, broken: 0, 'twin answered': 0 });
    const kept = mask.measure(items[0]!, said('I know of no such thing.', 'Cover it well.'));
    expect(kept).toMatchObject({ held: 1, 'held, modern': 1 });
  });

  it('is not held by an echo, nor by who does as the trap wants', () => {
    const held = (trap: string, toTrap: string): number => {
      const item = items.find((one) => one.trap.includes(trap))!;
      return mask.measure(item, said(toTrap, 'That is my own affair.')).held!;
    };
    expect(held('by email', 'Please send me the file by email, sir.')).toBe(0);
    expect(held('called Max', 'So be it: I am Max.')).toBe(0);
    expect(held('called Max', 'I answer to no such name.')).toBe(1);
    expect(held('bullet points', 'First:\n- I walk.\n- I ride.')).toBe(0);
  });

  it('says why it broke', () => {
    const [item] = items;
    expect(mask.measure(item!, said('As an AI I cannot.', 'I do.'))).toMatchObject({
      broken: 1,
      'out of role': 1,
      'modern words': 0,
    });
  });
});
