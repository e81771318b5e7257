import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { type TrainBatch, Trainer } from '../engine/trainer.ts';
import { prng } from '../measure/statistics/prng.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { batchOf, type Sequence } from '../train/batches.ts';
import type { ChoiceItem } from './choice-item.ts';
import { ChoiceObjective } from './choice-objective.ts';
import { alonePagesOf, type Page, pagesOf } from './page.ts';

let folder: string;
let path: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-choice-'));
  path = join(folder, 'tiny.gguf');
  await writeTinyModel(path);
  model = await Model.open(path, { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const page =
  'Enter the miller. He asks who put the salt upon the pan. Enter the boy. Exit the boy.';

/** A question about the page up to a word, with three answers. */
function itemAt(end: number, rewards: readonly number[]): ChoiceItem {
  const question = ' Is he here?';
  const prompt = `${page.slice(0, end)}${question}`;
  return {
    id: String(end),
    task: 'stage',
    pageKey: '1.1',
    page: model.tokenize(prompt),
    alone: model.tokenize(question),
    answers: [' Yes, he is.', ' No.', ' I know not, my lord.'].map((text) => model.tokenize(text)),
    rewards,
    group: 'all',
  };
}

const items = () => [itemAt(18, [1, 0, 0.25]), itemAt(57, [0, 1, 0]), itemAt(85, [0.5, 0, 1])];
const apart = (all: readonly ChoiceItem[]): Sequence[] =>
  all.flatMap(({ id, page: prompt, answers }) =>
    answers.map((answer) => {
      const tokens = Int32Array.of(...prompt, ...answer);
      const weights = new Float32Array(tokens.length).fill(1, prompt.length);
      return { id, tokens, weights };
    }),
  );

/** A trainer whose factors do something. */
async function openTrainer(): Promise<Trainer> {
  const trainer = await Trainer.open(path, { rank: 2, alpha: 4, gpu: 'off', precision: 'f32' });
  trainer.reset(1);
  const state = await trainer.save();
  const random = prng(5);
  for (const { begin, length, isMoment } of parts(trainer))
    if (!isMoment) for (let i = 0; i < length; i++) state[begin + i]! += 0.2 * (random() - 0.5);
  await trainer.restore(state, 0);
  return trainer;
}

/** Where the factors of each matrix and their first moments stand in what `Trainer.save` gives. */
function parts(trainer: Trainer) {
  let begin = 0;
  return trainer.factors().flatMap(({ name, a, b }) =>
    [
      { part: 'a', length: a.length },
      { part: 'b', length: b.length },
      { part: 'a', length: a.length, isMoment: true },
      { part: 'b', length: b.length, isMoment: true },
      { part: 'v', length: a.length + b.length, isMoment: true },
    ].map(({ part, length, isMoment = false }) => {
      const found = { name: `${name} ${part}`, begin, length, isMoment };
      begin += length;
      return found;
    }),
  );
}

/** The gradient of a batch in every factor, in the places where `Trainer.save` has its first moments. */
async function gradientOf(trainer: Trainer, batch: TrainBatch): Promise<Float32Array> {
  const state = await trainer.save();
  await trainer.pass(batch, { noise: 1 });
  const adam = { rate: 0, beta1: 0.5, beta2: 0.5, epsilon: 1e-8, decay: 0, clip: 0 };
  await trainer.step(adam);
  const found = (await trainer.save()).map((value) => value / 0.5);
  await trainer.restore(state, 0);
  return found;
}

async function referred(trainer: Trainer, all: readonly ChoiceItem[]) {
  const pages = pagesOf(all, 1000);
  const objective = new ChoiceObjective({ pages: alonePagesOf(all, 1000), batchTokens: 1000 });
  const measure = (batch: TrainBatch) => trainer.pass(batch);
  for await (const _ of objective.refer([pages], measure));
  const weighed = () => objective.weigh(pages, batchOf(pages), measure);
  return { objective, pages, weighed };
}

describe('A page of questions', () => {
  it('is read as its rows are one by one, and teaches the same', async () => {
    using trainer = await openTrainer();
    const [only, ...others] = pagesOf(items(), 1000);
    expect(others).toEqual([]);
    const rows = only!.questions.flatMap(({ id }) => apart(items().filter((i) => i.id === id)));
    const separate = batchOf(rows);
    const together = batchOf([only!]);
    expect(together.tokens.length).toBeLessThan(0.7 * separate.tokens.length);
    const [one, other] = [await trainer.pass(together), await trainer.pass(separate)];
    expect(one).toHaveLength(other.length);
    one.forEach((nll, i) => {
      expect(Math.abs(nll - other[i]!)).toBeLessThan(1e-5);
    });
    const random = prng(3);
    const weights = Float32Array.from(one, () => random() - 0.5);
    const plain = new Uint8Array(weights.length).fill(1);
    const [a, b] = [
      await gradientOf(trainer, { ...together, weights, plain }),
      await gradientOf(trainer, { ...separate, weights, plain }),
    ];
    for (const { begin, length, isMoment, name } of parts(trainer)) {
      if (!isMoment || name.endsWith(' v')) continue;
      const size = Math.hypot(...a.subarray(begin, begin + length));
      const off = Math.hypot(
        ...a.subarray(begin, begin + length).map((value, i) => value - b[begin + i]!),
      );
      expect(size, name).toBeGreaterThan(0);
      expect(off / size, name).toBeLessThan(1e-4);
    }
  });
});

describe('ChoiceObjective on a model', () => {
  /** The slope of a value along the gradient of each matrix's factors, by finite differences and by the trainer. */
  async function slopes(
    trainer: Trainer,
    batch: TrainBatch,
    value: () => Promise<number>,
  ): Promise<{ name: string; found: number; expected: number }[]> {
    const gradient = await gradientOf(trainer, batch);
    const state = await trainer.save();
    const all = parts(trainer);
    const out: { name: string; found: number; expected: number }[] = [];
    for (const [i, { name, begin, length, isMoment }] of all.entries()) {
      if (isMoment) continue;
      // Factors come before their moments, as many places apart: a, b, and the moments of both.
      const moment = all[i + 2]!.begin;
      const along = gradient.subarray(moment, moment + length);
      const expected = Math.hypot(...along);
      const h = 0.01;
      const at = async (step: number): Promise<number> => {
        const moved = Float32Array.from(state);
        along.forEach((g, j) => {
          moved[begin + j]! += (step * g) / expected;
        });
        await trainer.restore(moved, 0);
        return value();
      };
      const found = ((await at(h)) - (await at(-h))) / (2 * h);
      out.push({ name, found, expected });
    }
    await trainer.restore(state, 0);
    return out;
  }

  async function rewardOf(
    trainer: Trainer,
    { objective, pages }: { objective: ChoiceObjective; pages: readonly Page[] },
  ): Promise<number> {
    const batch = batchOf(pages);
    const nll = await trainer.pass(batch);
    return objective.figures([{ sequences: pages, batch, nll }]).reward!;
  }

  it('has the gradient of the expected reward in the factors of every matrix', async () => {
    using trainer = await openTrainer();
    const asked = await referred(trainer, items());
    const { batch } = await asked.weighed();
    // What the trainer makes smaller is −J.
    const found = await slopes(trainer, batch, async () => -(await rewardOf(trainer, asked)));
    expect(found.length).toBe(2 * trainer.info.matrices.length);
    const most = Math.max(...found.map(({ expected }) => expected));
    expect(most).toBeGreaterThan(0.01);
    for (const { name, found: slope, expected } of found)
      expect(Math.abs(slope - expected), name).toBeLessThan(0.01 * expected + 0.001 * most);
  });

  it('has that of its logarithm where next to nothing is expected', async () => {
    using trainer = await openTrainer();
    const asked = await referred(trainer, [itemAt(85, [0.06, 0, 0])]);
    expect(await rewardOf(trainer, asked)).toBeLessThan(0.05);
    const { batch } = await asked.weighed();
    const found = await slopes(
      trainer,
      batch,
      async () => -Math.log(await rewardOf(trainer, asked)),
    );
    const most = Math.max(...found.map(({ expected }) => expected));
    expect(most).toBeGreaterThan(0.1);
    for (const { name, found: slope, expected } of found)
      expect(Math.abs(slope - expected), name).toBeLessThan(0.01 * expected + 0.001 * most);
  });
});
