import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowDefaults } from '../corpus/rows/row-options.ts';
import { Model } from '../engine/model.ts';
import { applyForTurn } from '../engine/session/apply-for-turn.ts';
import type { Session } from '../engine/session/session.ts';
import { Trainer, type TrainerOptions } from '../engine/trainer.ts';
import { encodeLora } from '../gguf/lora-gguf.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { batchOf, type Sequence } from './batches.ts';
import { objectiveOf } from './objectives/all.ts';
import { planOf } from './plan.ts';
import { type Recipe, recipeDefaults } from './recipe.ts';
import { type TrainingEvent, type TrainingOptions, training } from './training.ts';
import { turnBatchOf } from './turn-batch.ts';

let folder: string;
let path: string;
let model: Model;
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-train-'));
  path = join(folder, 'tiny.gguf');
  await writeTinyModel(path);
  model = await Model.open(path, { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const options: TrainerOptions = { rank: 8, alpha: 16, gpu: 'off', precision: 'f32' };

const recipe: Recipe = {
  ...recipeDefaults,
  form: 'script',
  rank: 8,
  alpha: 16,
  rate: 5e-3,
  epochs: 6,
  batchTokens: 64,
  context: 64,
  patience: 100,
  rows: rowDefaults,
};

const lines = [
  'Who has put the salt upon the left pan of the scale?',
  'Not I, my lord, nor anyone that I have seen this night.',
  'Then it put itself there and walked away whistling.',
  'The river heard you, and the river tells the mill.',
  'Say that no louder than the river does.',
];

const sequences = (): Sequence[] =>
  lines.map((line, i) => {
    const tokens = model.tokenize(line).slice(0, 60);
    return { id: String(i), tokens, weights: new Float32Array(tokens.length).fill(1) };
  });

interface Given extends Partial<TrainingOptions> {
  readonly train?: readonly Sequence[];
  readonly recipe?: Recipe;
}

function optionsOf(trainer: Trainer, more: Given = {}) {
  const given = { recipe, train: sequences().slice(0, 4), ...more };
  return {
    trainer,
    objective: objectiveOf(recipe),
    plan: planOf(given.train, given.recipe),
    dev: sequences().slice(4),
    folder: join(folder, `run-${runs++}`),
    ...given,
  };
}

async function all(given: TrainingOptions): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  for await (const event of training(given)) events.push(event);
  return events;
}

const losses = (events: readonly TrainingEvent[]): [number, number][] =>
  events.flatMap((event) =>
    event.kind === 'step' ? [[event.step, event.loss!] as [number, number]] : [],
  );

async function reply(session: Session, text: string): Promise<number[]> {
  const said: number[] = [];
  const sampling = { temperature: 0.8, seed: 3 };
  for await (const { token } of session.generate(model.tokenize(text), { maxTokens: 12, sampling }))
    if (token !== undefined) said.push(token);
  return said;
}

/** Log-probabilities of every token after a text, from stock llama.cpp in a process of its own. */
async function stockLogProbabilities(
  tokens: Int32Array,
  adapter: string,
): Promise<Map<number, number>> {
  const script = join(folder, 'stock.mjs');
  await writeFile(
    script,
    `import { getLlama, LlamaLogLevel } from ${JSON.stringify(import.meta.resolve('node-llama-cpp'))};
    const [model, adapter, tokens] = JSON.parse(process.argv[2]);
    const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.disabled });
    const loaded = await llama.loadModel({ modelPath: model });
    const context = await loaded.createContext({
      contextSize: 128, threads: 1, lora: { adapters: [{ filePath: adapter }] },
    });
    const asked = tokens.map((token, i) =>
      i + 1 < tokens.length ? token : [token, { generateNext: { logits: true } }]);
    const results = await context.getSequence().controlledEvaluate(asked);
    console.log(JSON.stringify([...results.at(-1).next.logits]));
    process.exit(0);`,
  );
  const given = JSON.stringify([path, adapter, [...tokens]]);
  const out = execFileSync(process.execPath, [script, given], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const logits = JSON.parse(out) as [number, number][];
  const most = Math.max(...logits.map(([, logit]) => logit));
  const total = Math.log(logits.reduce((sum, [, logit]) => sum + Math.exp(logit - most), 0)) + most;
  return new Map(logits.map(([token, logit]) => [token, logit - total]));
}

describe('Training', () => {
  it('learns its lines, evaluates dev, and ends with the best it saw', async () => {
    using trainer = await Trainer.open(path, options);
    const events = await all(optionsOf(trainer));
    const curve = losses(events).map(([, loss]) => loss);
    expect(curve.at(-1)).toBeLessThan(curve[0]! - 1);
    const evals = events.flatMap((event) => (event.kind === 'dev' ? [event] : []));
    expect(evals.map(({ step }) => step)[0]).toBe(0);
    expect(evals).toHaveLength(13);
    const best = Math.min(...evals.slice(1).map(({ nll }) => nll));
    expect(events.at(-1)).toMatchObject({ kind: 'end', best: { nll: best } });
  });

  it('goes on after it was ended anywhere to the very same figures', async () => {
    using whole = await Trainer.open(path, options);
    const expected = await all(optionsOf(whole));
    const run = join(folder, 'ended');
    const seen = new Map<number, number>();
    let ends = 0;
    for (;;) {
      using trainer = await Trainer.open(path, options);
      const controller = new AbortController();
      try {
        let steps = 0;
        for await (const event of training(
          optionsOf(trainer, { folder: run, signal: controller.signal }),
        )) {
          if (event.kind !== 'step') continue;
          seen.set(event.step, event.loss!);
          if (++steps === 3) controller.abort(new Error('ended'));
        }
        break;
      } catch (error) {
        expect(error).toMatchObject({ message: 'ended' });
        ends++;
      }
    }
    expect(ends).toBeGreaterThan(2);
    expect([...seen]).toEqual(losses(expected));
  });

  it('ends early when dev has not become better for long enough', async () => {
    using trainer = await Trainer.open(path, options);
    const events = await all(
      optionsOf(trainer, { recipe: { ...recipe, rate: 0.2, patience: 2, epochs: 40 } }),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'end', why: 'early' });
  });

  it('takes up the evaluation that it was ended before', async () => {
    using whole = await Trainer.open(path, options);
    const evals = (events: readonly TrainingEvent[]) =>
      events.filter((event) => event.kind === 'dev');
    const expected = evals(await all(optionsOf(whole)));
    const { step } = expected[1]!;
    using trainer = await Trainer.open(path, options);
    const given = optionsOf(trainer);
    for await (const event of training(given))
      if (event.kind === 'step' && event.step === step) break;
    expect(evals(await all(given))).toEqual(expected.slice(1));
  });

  it('ends when it is told to, with the best that it saw, its last step among them', async () => {
    using trainer = await Trainer.open(path, options);
    let asked = 0;
    const events = await all(optionsOf(trainer, { isOver: () => asked++ === 3 }));
    expect(losses(events).map(([step]) => step)).toEqual([1, 2, 3]);
    const evals = events.flatMap((event) => (event.kind === 'dev' ? [event] : []));
    expect(evals.at(-1)!.step).toBe(3);
    expect(events.at(-1)).toMatchObject({ kind: 'end', why: 'time' });
  });

  it('gives an adapter that acts at once, and says the same from its file', async () => {
    using trainer = await Trainer.open(path, options);
    await all(optionsOf(trainer));
    using session = await model.session();
    const plain = await reply(session, 'Who has');
    using live = await trainer.adapter(model);
    session.setAdapters([{ adapter: live, scale: 1 }]);
    const said = await reply(session, 'Who has');
    expect(said).not.toEqual(plain);
    const file = join(folder, 'trained.gguf');
    const matrices = trainer.factors().map((one, i) => ({ ...one, ...trainer.info.matrices[i]! }));
    const lora = { architecture: 'llama', rank: 8, alpha: 16, matrices, provenance: {} };
    await writeFile(file, await encodeLora(lora, 'F16'));
    using loaded = await model.adapter(file);
    session.setAdapters([{ adapter: loaded, scale: 1 }]);
    expect(await reply(session, 'Who has')).toEqual(said);
  });

  it('begins with what a version has learnt, whatever its alpha', async () => {
    using before = await Trainer.open(path, options);
    await all(optionsOf(before));
    using after = await Trainer.open(path, { ...options, alpha: 4 });
    after.reset(1);
    await after.take(before.factors());
    const product = ({ a, b, scale, rank }: ReturnType<Trainer['factors']>[number]): number =>
      scale * a.subarray(0, rank).reduce((sum, _, r) => sum + b[r]! * a[r * (a.length / rank)]!, 0);
    const [first, second] = [before, after].map((one) => one.factors().map(product));
    expect(Math.max(...first!.map(Math.abs))).toBeGreaterThan(1e-4);
    second!.forEach((value, i) => {
      expect(value).toBeCloseTo(first![i]!, 6);
    });
    const batch = batchOf(sequences());
    const [nll, same] = [await before.pass(batch), await after.pass(batch)];
    same.forEach((value, i) => {
      expect(value).toBeCloseTo(nll[i]!, 4);
    });
    await expect(after.take(before.factors().slice(1))).rejects.toThrow('same matrices');
  });

  it('makes a file that stock llama.cpp computes the same with', async () => {
    using trainer = await Trainer.open(path, options);
    await all(optionsOf(trainer));
    const file = join(folder, 'stock.gguf');
    const matrices = trainer.factors().map((one, i) => ({ ...one, ...trainer.info.matrices[i]! }));
    const lora = { architecture: 'llama', rank: 8, alpha: 16, matrices, provenance: {} };
    await writeFile(file, await encodeLora(lora, 'F32'));
    const text = model.tokenize('Who has put the salt');
    const stock = await stockLogProbabilities(text, file);
    using session = await model.session();
    using adapter = await model.adapter(file);
    const vocabulary = Array.from({ length: model.info.vocabulary }, (_, token) =>
      Int32Array.of(token),
    );
    const plain = await session.score(text, vocabulary);
    session.setAdapters([{ adapter, scale: 1 }]);
    const ours = await session.score(text, vocabulary);
    expect(stock.size).toBe(vocabulary.length);
    let [most, moved] = [0, 0];
    ours.forEach(([value], token) => {
      most = Math.max(most, Math.abs(value! - stock.get(token)!));
      moved = Math.max(moved, Math.abs(value! - plain[token]![0]!));
    });
    expect(most).toBeLessThan(0.02);
    expect(moved).toBeGreaterThan(1);
  });

  it('lets a chat on the same model go on while it runs, and changes nothing that is said', async () => {
    using session = await model.session();
    const alone = await reply(session, 'Say that no');
    using trainer = await Trainer.open(path, options);
    const going = all(optionsOf(trainer));
    let answers = 0;
    let done = false;
    void going.then(() => {
      done = true;
    });
    while (!done) {
      using other = await model.session();
      expect(await reply(other, 'Say that no')).toEqual(alone);
      answers++;
    }
    expect(answers).toBeGreaterThan(0);
  });

  it('trains on top of an adapter as on a model that has it', async () => {
    using lower = await Trainer.open(path, options);
    await all(optionsOf(lower));
    const batch = optionsOf(lower).train;
    using upper = await Trainer.open(path, { ...options, onto: lower.factors() });
    upper.reset(2);
    const { batchOf } = await import('./batches.ts');
    const below = await lower.pass(batchOf(batch));
    const above = await upper.pass(batchOf(batch));
    above.forEach((nll, i) => {
      expect(nll).toBeCloseTo(below[i]!, 3);
    });
  });

  describe('for own turns alone', () => {
    const turns = (): Sequence[] =>
      lines.map((line, i) => {
        const others = model.tokenize('The miller asks what the river has to say to that. ');
        const tokens = Int32Array.of(...others, ...model.tokenize(line)).slice(0, 64);
        const { length: begin } = others;
        const weights = Float32Array.from(tokens, (_, at) => (at > begin ? 1 : 0));
        return { id: String(i), tokens, weights, learnt: [{ begin, end: tokens.length }] };
      });
    const asked = (trainer: Trainer, more: Given = {}) =>
      optionsOf(trainer, {
        recipe: { ...recipe, scope: 'turn', epochs: 3, rate: 1e-2 },
        train: turns().slice(0, 4),
        dev: turns().slice(4),
        ...more,
      });

    it('learns its lines, and goes on after it was ended to the same figures', async () => {
      using trainer = await Trainer.open(path, options);
      const events = await all(asked(trainer));
      const curve = losses(events);
      expect(curve.at(-1)![1]).toBeLessThan(curve[0]![1] - 0.5);
      using other = await Trainer.open(path, options);
      const given = asked(other);
      for await (const event of training(given)) if (event.kind === 'step' && event.step > 3) break;
      using third = await Trainer.open(path, options);
      const rest = losses(await all({ ...given, trainer: third }));
      expect(rest).toEqual(curve.slice(-rest.length));
      expect(rest.length).toBeLessThan(curve.length);
    });

    it('learns what a session says under it from where the turn begins', async () => {
      using trainer = await Trainer.open(path, options);
      await all(asked(trainer));
      const [turn] = turns();
      const { tokens, learnt } = turn!;
      const nll = await trainer.pass(turnBatchOf([turn!]));
      using session = await model.session();
      const { begin } = learnt![0]!;
      const [prefix, words] = [tokens.subarray(0, begin + 1), tokens.subarray(begin + 1)];
      const scored = async (from: number | undefined): Promise<number> => {
        const active = { adapter: await trainer.adapter(model), scale: 1, scope: 'turn' } as const;
        applyForTurn(session, [active], from);
        const [row] = await session.score(prefix, [words]);
        return row!.reduce((sum, value) => sum - value, 0) / words.length;
      };
      const expected = nll.reduce((sum, value) => sum + value, 0) / nll.length;
      expect(await scored(begin)).toBeCloseTo(expected, 1);
      expect(await scored(undefined)).toBeGreaterThan(expected + 0.5);
    });
  });

  it('learns the same in operations that every back-end has', async () => {
    using fast = await Trainer.open(path, options);
    using portable = await Trainer.open(path, { ...options, device: 'CPU' });
    const [expected, found] = [await all(optionsOf(fast)), await all(optionsOf(portable))];
    const curve = losses(found);
    expect(curve).toHaveLength(losses(expected).length);
    losses(expected).forEach(([, loss], i) => {
      expect(curve[i]![1]).toBeCloseTo(loss, 3);
    });
    await expect(Trainer.open(path, { ...options, device: 'none' })).rejects.toMatchObject({
      code: 'NATIVE_MISSING',
    });
  });

  it('refuses what it cannot train', async () => {
    await expect(Trainer.open(join(folder, 'none.gguf'), options)).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
    });
    await expect(Trainer.open(path, { ...options, layers: [0, 99] })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(/^layers 0–99: the model has layers 0–\d+$/),
    });
    using trainer = await Trainer.open(path, options);
    trainer[Symbol.dispose]();
    expect(() => trainer.reset(1)).toThrowError(/disposed/);
  });
});
