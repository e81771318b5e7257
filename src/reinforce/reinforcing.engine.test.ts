import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isShadow } from '../corpus/splits/split.ts';
import { Model } from '../engine/model.ts';
import { Trainer } from '../engine/trainer.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import type { ChoiceItem } from './choice-item.ts';
import { type ChoiceControl, type ChoiceRecipe, choiceDefaults } from './choice-recipe.ts';
import { type ReinforcingEvent, type ReinforcingOptions, reinforcing } from './reinforcing.ts';

let folder: string;
let path: string;
let model: Model;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-reinforcing-'));
  path = join(folder, 'tiny.gguf');
  await writeTinyModel(path);
  model = await Model.open(path, { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const recipe: ChoiceRecipe = {
  ...choiceDefaults,
  form: 'script',
  rate: 0.01,
  warmUpSteps: 2,
  steps: 24,
  looksEvery: 6,
  batchTokens: 256,
};

const names = ['Ada', 'Bea', 'Cid', 'Dov'];

/** Whether somebody is here, after a page on which some enter and some of them leave. */
function item(id: string, page: number, moment: number, rewards?: readonly number[]): ChoiceItem {
  const whom = names[page % 4]!;
  const steps = ['', `Enter ${whom}. `, 'He sits. ', `Exit ${whom}. `, 'It rains. '];
  const question = `Is ${whom} here?`;
  const isHere = moment === 1 || moment === 2;
  return {
    id,
    task: 'stage',
    pageKey: `1.${page}`,
    page: model.tokenize(`Scene ${page}. ${steps.slice(0, moment + 1).join('')}${question}`),
    alone: model.tokenize(question),
    answers: [' Yes.', ' No.'].map((text) => model.tokenize(text)),
    rewards: rewards ?? (isHere ? [1, 0] : [0, 1]),
    group: isHere ? 'here' : 'away',
  };
}

/** Items of eight pages whose ids the benchmark calls shadow, or not. */
function itemsWhere(inShadow: boolean, rewards?: readonly number[]): ChoiceItem[] {
  return Array.from({ length: 8 }, (_, page) =>
    [0, 1, 2, 3, 4].map((moment) => {
      let n = 0;
      while (isShadow(`${page} ${moment} ${n}`) !== inShadow) n++;
      return item(`${page} ${moment} ${n}`, page, moment, rewards);
    }),
  ).flat();
}

const open = () => Trainer.open(path, { rank: 8, alpha: 16, gpu: 'off', precision: 'f32' });

function optionsOf(trainer: Trainer, more: Partial<ReinforcingOptions> = {}): ReinforcingOptions {
  return {
    trainer,
    recipe,
    learned: itemsWhere(false),
    shadow: itemsWhere(true).slice(0, 15),
    folder: join(folder, `run-${runs++}`),
    ...more,
  };
}

async function all(options: ReinforcingOptions): Promise<ReinforcingEvent[]> {
  const events: ReinforcingEvent[] = [];
  for await (const event of reinforcing(options)) events.push(event);
  return events;
}

type EventOf<Kind extends ReinforcingEvent['kind']> = Extract<ReinforcingEvent, { kind: Kind }>;
const of = <Kind extends ReinforcingEvent['kind']>(
  events: readonly ReinforcingEvent[],
  kind: Kind,
): EventOf<Kind>[] => events.filter((event): event is EventOf<Kind> => event.kind === kind);

/** What does not depend on how fast the machine is. */
const figures = (events: readonly ReinforcingEvent[]): Map<string, unknown> =>
  new Map(
    events.flatMap((event): [string, unknown][] => {
      if (event.kind === 'look') return [[`look ${event.step}`, event]];
      if (event.kind !== 'step') return [];
      const { seconds: _, ...rest } = event;
      return [[`step ${event.step}`, rest]];
    }),
  );

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('reinforcing', () => {
  it('raises the reward of what it learns, looks at what it does not, and ends with the best look', async () => {
    using trainer = await open();
    const events = await all(optionsOf(trainer));
    const rewards = of(events, 'step').map(({ reward }) => reward);
    expect(rewards).toHaveLength(24);
    expect(mean(rewards.slice(-6))).toBeGreaterThan(mean(rewards.slice(0, 4)) + 0.1);
    const looks = of(events, 'look');
    expect(looks.map(({ step }) => step)).toEqual([0, 6, 12, 18, 24]);
    expect(looks[0]).toMatchObject({ drift: 0, isBest: false });
    expect(looks.at(-1)!.drift).toBeGreaterThan(0);
    expect(Object.keys(looks[0]!.accuracyBy)).toEqual(['away', 'here']);
    const [end] = of(events, 'end');
    const best = Math.max(...looks.slice(1).map(({ reward }) => reward));
    expect(end!.best!.reward).toBeCloseTo(best, 12);
    expect(of(events, 'reference').length).toBeGreaterThan(0);
  });

  it('goes on after it was ended anywhere to the very same figures', async () => {
    using whole = await open();
    const expected = figures(await all(optionsOf(whole)));
    const run = join(folder, 'ended');
    const seen = new Map<string, unknown>();
    let ends = 0;
    for (;;) {
      using trainer = await open();
      const events: ReinforcingEvent[] = [];
      for await (const event of reinforcing(optionsOf(trainer, { folder: run }))) {
        events.push(event);
        if (of(events, 'step').length === 5) break;
      }
      for (const [name, value] of figures(events)) seen.set(name, value);
      if (of(events, 'end').length > 0) break;
      ends++;
    }
    expect(ends).toBeGreaterThan(2);
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(expected));
  });

  it('leaves the factors as they were, to the byte, where all answers get the same', async () => {
    using trainer = await open();
    trainer.reset(recipe.seed);
    const before = trainer.factors();
    const same = { learned: itemsWhere(false, [0.5, 0.5]) };
    const events = await all(optionsOf(trainer, { ...same, recipe: { ...recipe, steps: 4 } }));
    expect(of(events, 'step').every(({ norm }) => norm === 0)).toBe(true);
    expect(trainer.factors()).toEqual(before);
  });

  it('ends early when the shadow has not become better for long enough', async () => {
    using trainer = await open();
    const still = { ...recipe, rate: 0, steps: 200, patience: 2 };
    const events = await all(optionsOf(trainer, { recipe: still }));
    expect(of(events, 'end')).toMatchObject([{ why: 'early', best: { step: 6 } }]);
    expect(of(events, 'step')).toHaveLength(18);
  });

  it('ends when time is over, with a last look at what it has', async () => {
    using trainer = await open();
    let asked = 0;
    const events = await all(optionsOf(trainer, { isOver: () => asked++ === 3 }));
    expect(of(events, 'end')).toMatchObject([{ why: 'time', best: { step: 3 } }]);
  });

  it('deals rewards anew for the control, of what it learns alone', async () => {
    using trainer = await open();
    const few = { ...recipe, steps: 1 };
    const [plain, permuted] = [
      await all(optionsOf(trainer, { recipe: few })),
      await all(optionsOf(trainer, { recipe: { ...few, control: 'permuted' } })),
    ];
    expect(of(permuted, 'look')[0]).toEqual(of(plain, 'look')[0]);
    expect(of(permuted, 'step')[0]!.reward).not.toBe(of(plain, 'step')[0]!.reward);
  });

  it('gains nothing on the shadow from permuted rewards, in twenty seeds', async () => {
    using trainer = await open();
    const gain = async (seed: number, control: ChoiceControl): Promise<number> => {
      const few = { ...recipe, steps: 12, looksEvery: 12, seed, control };
      const looks = of(await all(optionsOf(trainer, { recipe: few })), 'look');
      return looks.at(-1)!.reward - looks[0]!.reward;
    };
    const permuted: number[] = [];
    for (let seed = 1; seed <= 20; seed++) permuted.push(await gain(seed, 'permuted'));
    const squares = permuted.map((one) => (one - mean(permuted)) ** 2);
    const error = Math.sqrt(mean(squares) / (permuted.length - 1));
    expect(Math.abs(mean(permuted))).toBeLessThan(2.1 * error);
    expect(await gain(1, 'none')).toBeGreaterThan(mean(permuted) + 8 * error);
  });
});
