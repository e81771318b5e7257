import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import type { TrainBatch, Trainer } from '../engine/trainer.ts';
import { prng } from '../measure/statistics/prng.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { batchOf, type Sequence } from '../train/batches.ts';
import type { ChoiceItem } from './choice-item.ts';
import { ChoiceObjective } from './choice-objective.ts';
import { gradientOf, movedTrainer, parts, slopes } from './gradient.test.support.ts';
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
    using trainer = await movedTrainer(path);
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
  async function rewardOf(
    trainer: Trainer,
    { objective, pages }: { objective: ChoiceObjective; pages: readonly Page[] },
  ): Promise<number> {
    const batch = batchOf(pages);
    const nll = await trainer.pass(batch);
    return objective.figures([{ sequences: pages, batch, nll }]).reward!;
  }

  it('has the gradient of the expected reward in the factors of every matrix', async () => {
    using trainer = await movedTrainer(path);
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
    using trainer = await movedTrainer(path);
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
