import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Model } from '../engine/model.ts';
import { drawTogether } from '../engine/session/draw-together.ts';
import type { Session } from '../engine/session/session.ts';
import { writeTinyModel } from '../testing/models/tiny-model.ts';
import { Contrast, contrastOf } from './draw/contrast.ts';
import { scoreSteered } from './draw/score-steered.ts';
import { type SteeredOptions, steered } from './draw/steered.ts';
import { noSteering, type Steering } from './steering.ts';

let folder: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-steer-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const prompt = (): Int32Array => model.tokenize('the king and the ghost');
const other = (): Int32Array => model.tokenize('a lantern on the quay at night');

/** Pushes one token after even numbers of tokens and another after odd ones. */
function alternating(even: number, odd: number, weight: number): Steering {
  const [first, second] = [new Map([[even, weight]]), new Map([[odd, weight]])];
  return {
    ...noSteering(),
    bias: first,
    after: (_, count) => (count % 2 === 0 ? first : second),
  };
}

async function drawn(session: Session, options: SteeredOptions): Promise<number[]> {
  const tokens: number[] = [];
  const part = steered(session, prompt(), { maxTokens: 12, ...options });
  for await (const { token } of drawTogether([part])) if (token !== undefined) tokens.push(token);
  return tokens;
}

/** The slow and obvious way: the whole prefix read anew for each token, the whole row put through a softmax. */
async function oracle(
  tokens: Int32Array,
  steering: Steering,
  alpha: number | undefined,
): Promise<number[]> {
  const scores: number[] = [];
  let bias = steering.bias;
  for (const [i, token] of tokens.entries()) {
    const row = async (start: Int32Array): Promise<Float32Array> => {
      using session = await model.session();
      await session.prefill(Int32Array.from([...start, ...tokens.subarray(0, i)]));
      return (await session.logits())!;
    };
    const own = Array.from(await row(prompt()));
    const base = Array.from(await row(other()));
    const normal = (logits: number[]): number[] => {
      const all = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
      return logits.map((logit) => logit - all);
    };
    const [p, q] = [normal(own), normal(base)];
    const mixed = p.map((one, t) => {
      if (alpha === undefined) return one;
      const difference = one - q[t]!;
      return alpha <= 1
        ? q[t]! + alpha * difference
        : one + (alpha - 1) * Math.max(-5, Math.min(5, difference));
    });
    scores.push(normal(mixed.map((one, t) => one + (bias.get(t) ?? 0)))[token]!);
    bias = steering.after(model.detokenize(tokens.subarray(0, i + 1)), i + 1) ?? bias;
  }
  return scores;
}

describe('A reply drawn under a steering', () => {
  it('says what is pushed, before the first token and after every other', async () => {
    using session = await model.session();
    const said = await drawn(session, { steering: alternating(40, 41, 90) });
    expect(said).toEqual(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 40 : 41)));
  });

  it('is what the session says by itself where nothing is pushed', async () => {
    using session = await model.session();
    const alone: number[] = [];
    for await (const { token } of session.generate(prompt(), { maxTokens: 12 }))
      if (token !== undefined) alone.push(token);
    expect(await drawn(session, { steering: noSteering() })).toEqual(alone);
  });

  it('is the character’s own with α = 1, and the base’s with α = 0', async () => {
    using session = await model.session();
    using base = await model.session();
    const sampling = { temperature: 0, dryMultiplier: 0 };
    const contrasted = (alpha: number) =>
      drawn(session, {
        steering: noSteering(),
        sampling,
        contrast: new Contrast({ alpha, base, prompt: other() }),
      });
    const own = await drawn(session, { steering: noSteering(), sampling });
    expect(await contrasted(1)).toEqual(own);
    const alone: number[] = [];
    using third = await model.session();
    for await (const { token } of third.generate(other(), { sampling, maxTokens: 12 }))
      if (token !== undefined) alone.push(token);
    expect(await contrasted(0)).toEqual(alone);
    expect(alone).not.toEqual(own);
  });

  it('says the same whether the base takes its steps beside it or after it', async () => {
    const contrasted = async (alpha: number, isTogether: boolean, grammar: string) => {
      using cache = await model.cache({ sessions: 2 });
      using session = await cache.session();
      using base = isTogether ? await cache.session() : await model.session();
      const contrast = new Contrast({ alpha, base, prompt: other() });
      const steering = alternating(40, 41, 1.5);
      const sampling = { seed: 5, temperature: 0.9, grammar };
      return await drawn(session, { steering, sampling, contrast, maxTokens: 24 });
    };
    for (const alpha of [0, 0.5, 1.7, 3])
      for (const grammar of ['', '%ban { a the of "king and" }\n']) {
        const together = await contrasted(alpha, true, grammar);
        expect(together.length).toBeGreaterThan(0);
        expect(together).toEqual(await contrasted(alpha, false, grammar));
      }
  });

  it('goes on by itself where the window of the base is full', async () => {
    using cache = await model.cache({ sessions: 2, window: 64 });
    using session = await cache.session();
    using base = await cache.session();
    const long = Int32Array.from({ length: 60 }, (_, i) => 5 + i);
    const contrast = new Contrast({ alpha: 2, base, prompt: long });
    const sampling = { temperature: 0 };
    expect((await drawn(session, { steering: noSteering(), contrast, sampling })).length).toBe(12);
    expect(base.length).toBe(64);
  });

  it('computes nothing after the loop is left, and stops when the signal aborts', async () => {
    using session = await model.session();
    using base = await model.session();
    const contrast = new Contrast({ alpha: 2, base, prompt: other() });
    const part = steered(session, prompt(), { steering: noSteering(), contrast });
    for await (const _ of drawTogether([part])) break;
    expect(contrast.cost().count).toBeLessThan(4);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(drawTogether([part], signal).next()).rejects.toThrow('enough');
  });
});

describe('A text scored under a steering', () => {
  it('has the probabilities of the distribution that it would be drawn from', async () => {
    using session = await model.session();
    using base = await model.session();
    const words = model.tokenize(' and the crown.');
    for (const alpha of [undefined, 0.5, 1.7]) {
      const contrast =
        alpha === undefined ? undefined : new Contrast({ alpha, base, prompt: other() });
      const steering = alternating(words[0]!, words[2]!, 1.3);
      const scores = await scoreSteered(session, prompt(), words, { steering, contrast });
      const expected = await oracle(words, steering, alpha);
      expected.forEach((nats, i) => {
        expect(scores[i]).toBeCloseTo(nats, 3);
      });
    }
  });

  it('is impossible where the steering forbids it', async () => {
    using session = await model.session();
    const words = model.tokenize(' and the crown.');
    const steering = alternating(words[0]!, words[1]!, Number.NEGATIVE_INFINITY);
    const scores = await scoreSteered(session, prompt(), words, { steering });
    expect([...scores.subarray(0, 2)]).toEqual([-Infinity, -Infinity]);
  });
});

describe('The contrast of two rows', () => {
  it('moves no token further than five nats for each part of α beyond 1', () => {
    const own = Float32Array.of(20, 0, -20, 1);
    const added = contrastOf(own, Float32Array.of(-20, 0, 20, 1), 3);
    expect(Math.max(...added.map(Math.abs))).toBeCloseTo(10, 5);
    expect(Math.max(...contrastOf(own, Float32Array.of(5, 5, 5, 5), 1).map(Math.abs))).toBe(0);
  });

  it('does not change when either row is shifted as a whole', () => {
    const [own, base] = [Float32Array.of(1, 2, 3), Float32Array.of(0, 2, 1)];
    const shifted = contrastOf(
      own.map((x) => x + 9),
      base.map((x) => x - 4),
      1.5,
    );
    contrastOf(own, base, 1.5).forEach((value, i) => {
      expect(shifted[i]).toBeCloseTo(value, 5);
    });
  });
});
