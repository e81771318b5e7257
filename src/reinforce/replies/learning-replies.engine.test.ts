import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../../engine/model.ts';
import { Trainer } from '../../engine/trainer.ts';
import { writeTinyModel } from '../../testing/models/tiny-model.ts';
import { gradientOf, movedTrainer, parts, slopes } from '../gradient.test.support.ts';
import type { Reply } from '../reward/reply.ts';
import type { Rewarded } from '../reward/reply-reward.ts';
import { leaveOneOut } from './advantages.ts';
import { type LearningEvent, learningReplies } from './learning-replies.ts';
import { replyBatch, sumsOf } from './reply-batch.ts';
import { ReplyObjective } from './reply-objective.ts';
import type { KindOfQuestion } from './reply-plan.ts';
import { type ReplyRecipe, replyDefaults } from './reply-recipe.ts';
import { type Rollout, Rollouts } from './rollouts.ts';

let folder: string;
let path: string;
let model: Model;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-replies-'));
  path = join(folder, 'tiny.gguf');
  await writeTinyModel(path);
  model = await Model.open(path, { gpu: 'off' });
});
afterAll(async () => {
  model[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

const recipe: ReplyRecipe = {
  ...replyDefaults,
  ...{ form: 'chat', method: 'rloo', steps: 6, looksEvery: 3, patience: 9, rank: 4, alpha: 8 },
  ...{ rate: 0.005, warmUpSteps: 0, questions: 2, replies: 4, replyTokens: 8, lookQuestions: 2 },
};

const question = (i: number): KindOfQuestion => {
  const prefix = model.tokenize('A miller speaks.');
  const turn = model.tokenize(` Who took the ${['salt', 'rope', 'lamp', 'bell'][i % 4]}? He says:`);
  const tokens = Int32Array.of(...prefix, ...turn);
  return {
    ...{ kind: 'cue', tokens, prefixLength: prefix.length, turnFrom: tokens.length - 3, stop: [] },
    asked: { id: `question ${i}`, question: 'Who?', shown: [] },
  };
};
const learned = () => [0, 1, 2, 3].map(question);
const shadow = () => [4, 5].map(question);

type Reward = (reply: Reply) => number;
/** How much of a reply is letters before "n": nothing that a random model says much of. */
const early: Reward = ({ text }) =>
  text.length === 0 ? 0 : [...text].filter((letter) => /[a-m]/.test(letter)).length / text.length;

const rewarded = (reward: number): Rewarded => ({
  ...{ reward, failure: undefined },
  parts: { who: reward, apt: 0, known: undefined, manner: 0 },
});

const openTrainer = () =>
  Trainer.open(path, { rank: recipe.rank, alpha: recipe.alpha, gpu: 'off', precision: 'f32' });

async function all(
  trainer: Trainer,
  {
    reward = early,
    most = Number.POSITIVE_INFINITY,
    at = join(folder, `run-${runs++}`),
    ...change
  }: Partial<ReplyRecipe> & {
    readonly reward?: Reward;
    /** Steps after which the run is left. */
    readonly most?: number;
    readonly at?: string;
  } = {},
): Promise<LearningEvent[]> {
  const used = { ...recipe, ...change };
  using rollouts = await Rollouts.open(model, used, { questions: 3, replies: 4 });
  const objective = new ReplyObjective({
    ...{ model, trainer, rollouts, recipe: used, beneath: [], probes: [] },
    lengths: { low: 0, high: 99 },
    reward: (replies) => replies.map((reply) => rewarded(reward(reply))),
    judgeable: (_, text) => ({
      key: 'all',
      pages: { own: Int32Array.of(5), other: Int32Array.of(6), elsewhere: [Int32Array.of(7)] },
      tokens: model.tokenize(text),
      bytes: Math.max(1, text.length),
    }),
  });
  const events: LearningEvent[] = [];
  for await (const event of learningReplies({
    ...{ trainer, recipe: used, objective, learned: learned(), shadow: shadow(), folder: at },
  })) {
    events.push(event);
    if (of(events, 'step').length === most) break;
  }
  return events;
}

type EventOf<Kind extends LearningEvent['kind']> = Extract<LearningEvent, { kind: Kind }>;
const of = <Kind extends LearningEvent['kind']>(
  events: readonly LearningEvent[],
  kind: Kind,
): EventOf<Kind>[] => events.filter((event): event is EventOf<Kind> => event.kind === kind);

/** What does not depend on how fast the machine is. */
const figures = (events: readonly LearningEvent[]): Record<string, unknown> =>
  Object.fromEntries(
    events.flatMap((event): [string, unknown][] => {
      if (event.kind === 'look' || event.kind === 'replies')
        return [[`${event.kind} ${event.step}`, event]];
      if (event.kind !== 'step') return [];
      const { seconds: _, ...rest } = event;
      return [[`step ${event.step}`, rest]];
    }),
  );
const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const rewardsOf = (events: readonly LearningEvent[]): number[] =>
  of(events, 'step').map((event) => event.figures.reward!);

async function drawn(trainer: Trainer, replies = 4): Promise<Rollout[]> {
  using rollouts = await Rollouts.open(model, recipe, { questions: 2, replies });
  using adapter = await trainer.adapter(model);
  const adapters = [{ adapter, scale: 1, scope: 'turn' as const }];
  return await rollouts.draw(learned().slice(0, 2), { adapters, replies, seed: 'a' });
}

describe('learningReplies', () => {
  it.each(['rloo', 'raft'] as const)(
    'raises what it rewards by %s, from where nothing differs',
    async (method) => {
      using trainer = await openTrainer();
      const events = await all(trainer, { method, steps: 24, looksEvery: 24 });
      const rewards = rewardsOf(events);
      expect(mean(rewards.slice(-6))).toBeGreaterThan(mean(rewards.slice(0, 4)) + 0.1);
      const [first, last] = of(events, 'look');
      expect(last!.figures.reward).toBeGreaterThan(first!.figures.reward! + 0.05);
      expect(Math.abs(of(events, 'step')[0]!.figures.kl!)).toBeLessThan(1e-5);
      expect(of(events, 'step').at(-1)!.figures.kl).toBeGreaterThan(0);
      // A reward without gates is farmed, and the run is ended for it.
      expect(of(events, 'end')).toMatchObject([{ why: 'rule', rule: { rule: 'kl' } }]);
      // The engine speaks with what was learned, not with what was there before.
      for (const step of of(events, 'step')) expect(step.figures.apart).toBeLessThan(0.01);
    },
  );

  it('goes on after it was ended anywhere to the very same figures and replies', async () => {
    using whole = await openTrainer();
    const expected = figures(await all(whole));
    const at = join(folder, 'ended');
    const seen: Record<string, unknown> = {};
    for (let ends = 0; ; ends++) {
      using trainer = await openTrainer();
      const events = await all(trainer, { at, most: 2 });
      Object.assign(seen, figures(events));
      if (of(events, 'end').length > 0) {
        expect(ends).toBeGreaterThan(1);
        break;
      }
    }
    for (const [name, value] of Object.entries(seen)) expect(value, name).toEqual(expected[name]);
    expect(Object.keys(seen)).toEqual(
      expect.arrayContaining(Object.keys(expected).filter((name) => !name.startsWith('replies'))),
    );
  });

  it('leaves the factors as they were, to the byte, where all replies get the same', async () => {
    using trainer = await openTrainer();
    trainer.reset(recipe.seed);
    const before = trainer.factors();
    const events = await all(trainer, { reward: () => 0.5, penalty: 0, steps: 2, looksEvery: 9 });
    for (const { norm, figures: found } of of(events, 'step')) {
      expect(norm).toBe(0);
      expect(found.dead).toBe(1);
    }
    expect(trainer.factors()).toEqual(before);
  });

  it('ends with an error for a reward that is no number, and goes on from before it', async () => {
    using trainer = await openTrainer();
    const at = join(folder, 'nan');
    let asked = 0;
    const spoilt = (reply: Reply): number => (++asked > 20 ? Number.NaN : early(reply));
    await expect(all(trainer, { at, reward: spoilt })).rejects.toMatchObject({
      code: 'NATIVE_FAILED',
      message: 'a reply has the reward NaN',
    });
    const [start] = of(await all(trainer, { at }), 'start');
    expect(start!.from).toBeGreaterThan(0);
  });

  it('gains nothing on the shadow from permuted rewards, in twenty seeds', async () => {
    using trainer = await openTrainer();
    const gain = async (seed: number, control: ReplyRecipe['control']): Promise<number> => {
      const few = { seed, control, steps: 3, looksEvery: 3, replyTokens: 3, lookReplies: 4 };
      const looks = of(await all(trainer, few), 'look');
      return looks.at(-1)!.figures.reward! - looks[0]!.figures.reward!;
    };
    const gains: number[] = [];
    for (let seed = 1; seed <= 20; seed++) gains.push(await gain(seed, 'permuted'));
    const error = Math.sqrt(mean(gains.map((one) => (one - mean(gains)) ** 2)) / 19);
    expect(Math.abs(mean(gains))).toBeLessThan(2.1 * error);
  });
});

describe('replyBatch', () => {
  it('has the gradient of the expected advantage in the factors of every matrix', async () => {
    using trainer = await movedTrainer(path);
    const rollouts = await drawn(trainer, 2);
    const got = rollouts.map((_, i) => ({ reward: (i * 0.37) % 1, kl: 0 }));
    const advantages = [got.slice(0, 2), got.slice(2)].flatMap((two) => leaveOneOut(two, 0));
    const share = 1 / (rollouts.length * 8);
    const weights = advantages.map((one) => one * share);
    // What the trainer makes smaller is −Σ A log p, with the advantages as they are.
    const value = async (): Promise<number> => {
      const sums = sumsOf(rollouts, await trainer.pass(replyBatch(rollouts)));
      return sums.reduce((sum, nll, i) => sum + weights[i]! * nll, 0);
    };
    const found = await slopes(trainer, replyBatch(rollouts, weights), value);
    const most = Math.max(...found.map(({ expected }) => expected));
    expect(found).toHaveLength(2 * trainer.info.matrices.length);
    expect(most).toBeGreaterThan(1e-4);
    for (const { name, found: slope, expected } of found)
      expect(Math.abs(slope - expected), name).toBeLessThan(0.02 * expected + 0.005 * most);
  });

  it('teaches the same in one batch as in several, and as rows that are read one by one', async () => {
    using trainer = await movedTrainer(path);
    const rollouts = await drawn(trainer, 2);
    const weights = [0.3, -0.2, 0.1, 0.05];
    const whole = await gradientOf(trainer, replyBatch(rollouts, weights));
    const parted = [];
    for (const [i, rollout] of rollouts.entries())
      parted.push(await gradientOf(trainer, replyBatch([rollout], [weights[i]!])));
    for (const { name, begin, length, isMoment } of parts(trainer)) {
      if (!isMoment || name.endsWith(' v')) continue;
      const size = Math.hypot(...whole.subarray(begin, begin + length));
      let off = 0;
      for (let i = begin; i < begin + length; i++)
        off += (whole[i]! - parted.reduce((sum, one) => sum + one[i]!, 0)) ** 2;
      expect(Math.sqrt(off), name).toBeLessThan(1e-4 * size + 1e-7);
    }
  });

  it('gives every token of a reply the same weight, whatever its length', () => {
    const one = (length: number): Rollout => ({
      ...{ question: question(0), text: '', isEnded: true },
      tokens: Int32Array.from({ length }, (_, i) => 10 + i),
    });
    const [short, long] = [4, 8].map((n) => replyBatch([one(n), one(3)], [0.5, -0.25]).weights);
    expect([...short!]).toEqual([...Array(4).fill(0.5), ...Array(3).fill(-0.25)]);
    expect([...long!]).toEqual([...Array(8).fill(0.5), ...Array(3).fill(-0.25)]);
  });
});

describe('Rollouts', () => {
  it('draws the same for the same seed, whatever was drawn before, and ids that are learned as they were drawn', async () => {
    using trainer = await movedTrainer(path);
    using rollouts = await Rollouts.open(model, recipe, { questions: 2, replies: 4 });
    using adapter = await trainer.adapter(model);
    const adapters = [{ adapter, scale: 1, scope: 'turn' as const }];
    const draw = (seed: string) =>
      rollouts.draw(learned().slice(0, 2), { adapters, replies: 4, seed });
    const first = await draw('a');
    expect(await draw('b')).not.toEqual(first);
    expect(await draw('a')).toEqual(first);
    const texts = first.map(({ text }) => text);
    expect(new Set(texts).size).toBeGreaterThan(6);
    const targets = [...replyBatch(first).targets];
    expect(targets).toEqual(first.flatMap(({ tokens }) => [...tokens]));
  });

  it('draws tokens as often as the trainer holds them likely', async () => {
    using trainer = await movedTrainer(path);
    using adapter = await trainer.adapter(model);
    const adapters = [{ adapter, scale: 1, scope: 'turn' as const }];
    const one = { ...recipe, replyTokens: 1 };
    using rollouts = await Rollouts.open(model, one, { questions: 1, replies: 60 });
    const asked = learned().slice(0, 1);
    const counts = new Map<number, number>();
    const draws = 1500;
    for (let i = 0; i < draws / 60; i++)
      for (const { tokens } of await rollouts.draw(asked, {
        adapters,
        replies: 60,
        seed: `${i}`,
      })) {
        const token = tokens[0] ?? -1;
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
    const vocabulary = Array.from({ length: model.info.vocabulary }, (_, token) => token);
    const nll = await trainer.pass(
      replyBatch(
        vocabulary.map((token) => ({
          ...{ question: asked[0]!, text: '', isEnded: false },
          tokens: Int32Array.of(token),
        })),
      ),
    );
    const expected = vocabulary.map((token) => draws * Math.exp(-nll[token]!));
    const common = vocabulary.filter((token) => expected[token]! >= 5);
    const rare = draws - common.reduce((sum, token) => sum + expected[token]!, 0);
    const seen = common.map((token) => counts.get(token) ?? 0);
    const cells = [
      ...common.map((token, i) => [seen[i]!, expected[token]!] as const),
      [draws - seen.reduce((sum, n) => sum + n, 0), Math.max(1, rare)] as const,
    ];
    const chi2 = cells.reduce((sum, [o, e]) => sum + (o - e) ** 2 / e, 0);
    const freedom = cells.length - 1;
    expect(freedom).toBeGreaterThan(10);
    // About the .9999 quantile of chi-squared.
    expect(chi2).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });
});
