import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf } from '../train/batches.ts';
import { someItem } from './choice-item.test.support.ts';
import type { ChoiceItem } from './choice-item.ts';
import { alonePagesOf, answerSums, type Page, pagesOf, targetsOf } from './page.ts';

/** What each target of a page sees, from the first token on, and the target. */
function read(page: Page): string[] {
  const { tokens, first, context, rows, targets } = batchOf([page]);
  return [...rows].map((row, i) => {
    const [begin = 0, end = 0] = context.slice(2 * row);
    const seen = [...tokens.slice(begin, end), ...tokens.slice(first[row], row + 1)];
    return [...seen, targets[i]!].join();
  });
}

/** What the answers of an item see one by one, written alike. */
function oneByOne({ page, answers }: ChoiceItem): string[] {
  return answers.flatMap((answer) =>
    [...answer].map((_, i) => [...page, ...answer.slice(0, i + 1)].join()),
  );
}

const words = fc.array(fc.integer({ min: 3, max: 6 }), { minLength: 1, maxLength: 4 });
const someItems = fc
  .tuple(
    fc.array(fc.integer({ min: 10, max: 99 }), { minLength: 12, maxLength: 12 }),
    fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), words), { minLength: 1, maxLength: 8 }),
  )
  .map(([page, asked]) =>
    asked.map(([length, question], i) => someItem(String(i), page.slice(0, length), question)),
  );

describe('pagesOf', () => {
  it('asks every question once, each answer after its own prompt and nothing else', () => {
    fc.assert(
      fc.property(someItems, fc.integer({ min: 1, max: 120 }), (items, most) => {
        const pages = pagesOf(items, most);
        const byId = new Map(items.map((item) => [item.id, item]));
        const asked = pages.flatMap(({ questions }) => questions.map(({ id }) => id));
        expect([...asked].sort()).toEqual(items.map(({ id }) => id).sort());
        for (const page of pages) {
          expect(read(page)).toEqual(page.questions.flatMap(({ id }) => oneByOne(byId.get(id)!)));
          expect(batchOf([page]).rows).toHaveLength(targetsOf(page));
        }
      }),
    );
  });

  it('reads a page of growing length once, and no more than it may beside one question', () => {
    const page = Array.from({ length: 40 }, (_, i) => 10 + i);
    const items = [20, 30, 40].map((length) =>
      someItem(String(length), page.slice(0, length), [3, 4]),
    );
    const [only, ...others] = pagesOf(items, 1000);
    expect(others).toEqual([]);
    const apart = items.reduce((sum, item) => sum + 2 * item.page.length + 5, 0);
    expect(only!.tokens.length).toBeLessThan(apart / 2);
    for (const { tokens } of pagesOf(items, 56)) expect(tokens.length).toBeLessThanOrEqual(56);
  });

  it('begins another page where the window of the scene has moved, and for another scene', () => {
    const [one, moved] = [
      [10, 11, 12, 13, 14, 15],
      [14, 15, 16, 17, 18, 19],
    ];
    const items = [
      someItem('a', one, [3]),
      someItem('b', moved, [3]),
      someItem('c', one, [4]),
      someItem('d', one, [3], { pageKey: '1.2' }),
    ];
    const asked = pagesOf(items, 1000).map(({ questions }) => questions.map(({ id }) => id));
    expect(asked).toEqual([['a', 'c'], ['b'], ['d']]);
  });

  it('refuses an item of one answer, one of no words, and a reward that is no number', () => {
    const wrong = (more: Parameters<typeof someItem>[3]) => () =>
      pagesOf([someItem('odd', [10], [3], more)], 100);
    const refused = (why: RegExp) =>
      expect.objectContaining({ code: 'DATA_REFUSED', message: expect.stringMatching(why) });
    expect(wrong({ answers: [[1]], rewards: [1] })).toThrow(refused(/odd has 1 answer/));
    expect(wrong({ answers: [[1], []] })).toThrow(refused(/odd has an answer of no words/));
    expect(wrong({ rewards: [1, Number.NaN] })).toThrow(refused(/odd has the reward NaN/));
    expect(wrong({ rewards: [1] })).toThrow(refused(/2 answers and 1 rewards/));
  });
});

describe('alonePagesOf', () => {
  it('asks a question once, however many moments it is asked at', () => {
    const items = [
      someItem('a', [10, 11], [3, 4]),
      someItem('b', [10, 11, 12], [3, 4]),
      someItem('c', [10, 11], [3, 5]),
    ];
    const alone = alonePagesOf(items, 1000);
    expect(alone.every(({ isAlone }) => isAlone)).toBe(true);
    const questions = alone.flatMap((page) => page.questions);
    expect(questions.map(({ id }) => id)).toEqual(['a', 'c']);
    const keys = pagesOf(items, 1000).flatMap((page) => page.questions);
    expect(new Set(keys.map(({ aloneKey }) => aloneKey))).toEqual(
      new Set(questions.map(({ aloneKey }) => aloneKey)),
    );
  });
});

describe('answerSums', () => {
  it('adds up the tokens of each answer, wherever the page stands in its batch', () => {
    const ten = [10, 11, 12, 13];
    const [page] = pagesOf([someItem('a', ten, [3]), someItem('b', ten, [4])], 1000);
    const nll = Float32Array.of(7, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512);
    expect(answerSums(page!, nll, 1)).toEqual([
      [3, 28],
      [96, 896],
    ]);
  });
});
