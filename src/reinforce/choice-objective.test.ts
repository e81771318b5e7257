import { describe, expect, it } from 'vitest';
import { batchOf } from '../train/batches.ts';
import { someItem } from './choice-item.test.support.ts';
import type { ChoiceItem } from './choice-item.ts';
import {
  byLikelihood,
  ChoiceObjective,
  type ChoiceTeaching,
  taskWeights,
} from './choice-objective.ts';
import { choiceSlope } from './choice-slope.ts';
import { alonePagesOf, pagesOf } from './page.ts';

const items = [
  someItem('a', [10, 11], [3, 4], { group: 'here' }),
  someItem('b', [10, 11, 12], [3, 4], { rewards: [0, 1], group: 'left' }),
  someItem('c', [10, 11], [3, 5], { rewards: [0, 1], group: 'left' }),
];
const batchTokens = 1000;

/** −log p of a target of a batch: any figure that follows from what it is and what it sees. */
function pretended(push: (target: number, seen: readonly number[]) => number) {
  return async (batch: ReturnType<typeof batchOf>): Promise<Float32Array> => {
    const { tokens, first, context, rows, targets } = batch;
    return Float32Array.from(rows, (row, i) => {
      const [begin = 0, end = 0] = context.slice(2 * row);
      const seen = [...tokens.slice(begin, end), ...tokens.slice(first[row], row + 1)];
      return push(targets[i]!, seen);
    });
  };
}

/** Yes is likelier than no, the more so after page 12; no is less likely with a page than without. */
function measureOf(target: number, seen: readonly number[]): number {
  if (target === 9) return 0.25;
  return target === 1 ? (seen.includes(12) ? 0.5 : 1) : seen.includes(10) ? 2 : 1.5;
}
const measure = pretended(measureOf);

async function referred(given: readonly ChoiceItem[], read = measure) {
  const pages = pagesOf(given, batchTokens);
  const alone = alonePagesOf(given, batchTokens);
  const objective = new ChoiceObjective({ pages: alone, batchTokens });
  for await (const { of } of objective.refer([pages], read)) expect(of).toBe(1);
  return { objective, pages, alone };
}

describe('ChoiceObjective', () => {
  it("weighs each answer's tokens by the slope of its score, questions alike, whatever they came with", async () => {
    const { objective, pages } = await referred(items);
    const { batch } = await objective.weigh(pages, batchOf(pages), measure);
    // Nats after the page less nats without it, by hand: no has lost .5, yes has won .5 with 12 on the page.
    const scores = { a: [0, -0.5], b: [0.5, -0.5], c: [0, -0.5] } as const;
    const expected = pages
      .flatMap(({ questions }) => questions)
      .flatMap(({ id, rewards }) => {
        const { slopes } = choiceSlope(scores[id as keyof typeof scores], rewards);
        return [...Array(2).fill(slopes[0]! / 3), ...Array(3).fill(slopes[1]! / 3)] as number[];
      });
    expect(batch.weights).toHaveLength(expected.length);
    expected.forEach((weight, i) => {
      expect(batch.weights[i]).toBeCloseTo(weight, 6);
    });
    expect([...batch.plain!].every((one) => one === 1)).toBe(true);
    const half = await objective.weigh(pages, batchOf(pages, 17), measure);
    expect(half.batch.weights).toEqual(batch.weights);
  });

  it('can learn right answers as any text, whatever the others have', async () => {
    const pages = pagesOf(items, batchTokens);
    const alone = { pages: alonePagesOf(items, batchTokens), batchTokens };
    const objective = new ChoiceObjective(alone, { rule: byLikelihood });
    for await (const _ of objective.refer([pages], measure));
    const { batch } = await objective.weigh(pages, batchOf(pages), measure);
    const expected = pages
      .flatMap(({ questions }) => questions)
      .flatMap(({ rewards }) => [
        ...Array(2).fill(rewards[0]! / 3),
        ...Array(3).fill(rewards[1]! / 3),
      ]);
    expect([...batch.weights]).toEqual(expected.map((weight) => Math.fround(weight)));
  });

  it('lets tasks weigh alike, and the questions of each, however many they are', async () => {
    const mixed = items.map((item, i) => (i === 2 ? { ...item, task: 'next' } : item));
    const weights = taskWeights(mixed);
    expect(Object.fromEntries(weights)).toEqual({ stage: 0.75, next: 1.5 });
    const pages = pagesOf(mixed, batchTokens);
    const alone = { pages: alonePagesOf(mixed, batchTokens), batchTokens };
    const weighed = async (teaching: ChoiceTeaching) => {
      const objective = new ChoiceObjective(alone, teaching);
      for await (const _ of objective.refer([pages], measure));
      const { batch, figures } = await objective.weigh(pages, batchOf(pages), measure);
      return { weights: [...batch.weights], figures };
    };
    const plain = await weighed({});
    const alike = await weighed({ weights });
    let at = 0;
    for (const { task, lengths } of pages.flatMap(({ questions }) => questions))
      for (const length of lengths)
        for (let i = 0; i < length; i++, at++)
          expect(alike.weights[at]).toBeCloseTo(plain.weights[at]! * weights.get(task)!, 6);
    const yes = (lean: number): number => 1 / (1 + Math.exp(-lean));
    const reward = ((yes(0.5) + (1 - yes(1))) / 2 + (1 - yes(0.5))) / 2;
    expect(alike.figures!.reward).toBeCloseTo(reward, 6);
  });

  it('refuses to go on with a model that has no probabilities left', async () => {
    const { objective, pages } = await referred(items);
    const broken = pretended(() => Number.NaN);
    await expect(objective.weigh(pages, batchOf(pages), broken)).rejects.toMatchObject({
      code: 'NATIVE_FAILED',
    });
  });

  it('takes no reward from what is said without a page: that stays as it was before training', async () => {
    const { objective, pages, alone } = await referred(items);
    const read = async (measured: typeof measure) =>
      Promise.all(
        [...pages, ...alone].map(async (page) => {
          const batch = batchOf([page]);
          return { sequences: [page], batch, nll: await measured(batch) };
        }),
      );
    const before = objective.loss(await read(measure));
    // Another model: no without a page has become likelier by 2 nats, and nothing else has changed.
    const inverted = pretended((target, seen) =>
      target === 2 && !seen.includes(10) ? 1.5 - 2 : measureOf(target, seen),
    );
    expect(objective.loss(await read(inverted))).toBe(before);
    expect(objective.figures(await read(measure)).drift).toBe(0);
    expect(objective.figures(await read(inverted)).drift).toBeCloseTo(2, 6);
  });

  it('tells the reward and how often the likeliest answer is right, of all and of each group', async () => {
    const { objective, pages } = await referred(items);
    const batch = batchOf(pages);
    const nll = await measure(batch);
    const figures = objective.figures([{ sequences: pages, batch, nll }]);
    const yes = (lean: number): number => 1 / (1 + Math.exp(-lean));
    const expected = (yes(0.5) + (1 - yes(1)) + (1 - yes(0.5))) / 3;
    expect(figures.reward).toBeCloseTo(expected, 6);
    expect(figures).toMatchObject({ 'accuracy here': 1, 'accuracy left': 0, drift: 0 });
    expect(figures.accuracy).toBeCloseTo(1 / 3, 12);
    expect(figures.entropy).toBeGreaterThan(0.5);
    expect(objective.loss([{ sequences: pages, batch, nll }])).toBeCloseTo(1 - expected, 6);
  });

  it('teaches exactly nothing where all answers get the same', async () => {
    const same = items.map((item) => ({ ...item, rewards: [0.5, 0.5] }));
    const { objective, pages } = await referred(same);
    const { batch } = await objective.weigh(pages, batchOf(pages), measure);
    expect(batch.weights.every((weight) => weight === 0)).toBe(true);
  });

  it('weighs a page by the same however a step is divided', async () => {
    const { objective, pages } = await referred(items);
    const alone = await Promise.all(
      items.map(async (item) => {
        const [page] = pagesOf([item], batchTokens);
        const { batch } = await objective.weigh([page!], batchOf([page!]), measure);
        return [...batch.weights].map((weight) => weight / items.length);
      }),
    );
    const { batch } = await objective.weigh(pages, batchOf(pages), measure);
    const order = pages.flatMap(({ questions }) => questions.map(({ id }) => id));
    const expected = order.flatMap((id) => alone[items.findIndex((item) => item.id === id)]!);
    expected.forEach((weight, i) => {
      expect(batch.weights[i]).toBeCloseTo(weight, 6);
    });
  });

  it('refuses to weigh what it has not asked without a page', async () => {
    const pages = pagesOf(items, batchTokens);
    const objective = new ChoiceObjective({ pages: [], batchTokens });
    await expect(objective.weigh(pages, batchOf(pages), measure)).rejects.toThrow(
      /refer comes first/,
    );
  });
});
