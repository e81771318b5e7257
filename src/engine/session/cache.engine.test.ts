import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type TinyAdapterOptions,
  writeTinyAdapter,
  writeTinyModel,
} from '../../testing/models/tiny-model.ts';
import type { Adapter } from '../adapter.ts';
import { Model } from '../model.ts';
import type { ActiveAdapter } from './active-adapters.ts';
import { drawTogether } from './draw-together.ts';
import type { GenerateOptions, Session } from './session.ts';

let folder: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-cache-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off', adapters: { slots: 12 } });
});
afterAll(async () => {
  model[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

let made = 0;
async function adapter(options: TinyAdapterOptions): Promise<Adapter> {
  const path = join(folder, `adapter-${made++}.gguf`);
  await writeTinyAdapter(path, options);
  return model.adapter(path);
}

const transcript = (): Int32Array =>
  model.tokenize('the king and the ghost on the wall at night '.repeat(3));

async function say(
  session: Session,
  prompt: Int32Array,
  options: GenerateOptions = {},
): Promise<number[]> {
  const said: number[] = [];
  for await (const { token } of session.generate(prompt, { maxTokens: 12, ...options })) {
    if (token !== undefined) said.push(token);
  }
  return said;
}

const drawn = (seed: number): GenerateOptions => ({ sampling: { seed, temperature: 0.9 } });

describe('Sessions of one cache', () => {
  it('that are drawn from beside one another say what each says alone, whoever leaves', async () => {
    const prompts = ['the king', 'the ghost and the king', 'on the wall'].map((text) =>
      model.tokenize(`${text} is in the night and in the house `.repeat(3)),
    );
    const alone: number[][] = [];
    for (const [i, prompt] of prompts.entries()) {
      using session = await model.session({ window: 256 });
      alone.push(await say(session, prompt, drawn(i)));
    }
    using cache = await model.cache({ sessions: 5, window: 256, stepTokens: 16 });
    using leaving = await cache.session();
    using gone = await cache.session();
    const sessions = await Promise.all(prompts.map(() => cache.session()));
    const left = new AbortController();
    const [aborted, disposed, ...said] = await Promise.allSettled([
      (async () => {
        for await (const _ of leaving.generate(prompts[0]!, { signal: left.signal }))
          left.abort(new Error('left'));
      })(),
      (async () => {
        for await (const _ of gone.generate(prompts[1]!)) gone[Symbol.dispose]();
      })(),
      ...sessions.map((session, i) => say(session, prompts[i]!, drawn(i))),
    ]);
    expect(aborted).toMatchObject({ reason: { message: 'left' } });
    expect(disposed).toMatchObject({ reason: { code: 'DISPOSED' } });
    expect(said.map((one) => one.status === 'fulfilled' && one.value)).toEqual(alone);
    for (const session of sessions) session[Symbol.dispose]();
  });

  it('read a transcript once and go on from it each in its own voice', async () => {
    using cache = await model.cache({ sessions: 3, window: 256, tokens: 256 });
    using scene = await cache.session();
    await scene.prefill(transcript());
    const from = scene.length;
    for (const seed of [5, 6]) {
      const own = await adapter({ seed });
      using fork = await scene.fork();
      fork.setAdapters([{ adapter: own, scale: 1 }], { from });
      using alone = await model.session();
      alone.setAdapters([{ adapter: own, scale: 1 }], { from });
      const prompt = Int32Array.of(...transcript(), ...model.tokenize('so'));
      expect((await fork.prefill(prompt)).reused).toBe(from);
      expect(fork.memory.own).toBeLessThan(fork.memory.bytes / 5);
      expect(await say(fork, prompt, drawn(seed))).toEqual(await say(alone, prompt, drawn(seed)));
    }
  });

  it('are no more than the cache was made for', async () => {
    using cache = await model.cache({ sessions: 2 });
    using first = await cache.session();
    using _second = await cache.session();
    await expect(first.fork()).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
      remedy: expect.stringContaining('sessions'),
    });
  });

  it('give their place back when they are disposed of, also while another speaks', async () => {
    using cache = await model.cache({ sessions: 2, window: 128 });
    using first = await cache.session();
    for (let i = 0; i < 10; i++) {
      const other = await cache.session();
      await other.prefill(transcript());
      const speaking = say(first, transcript(), drawn(i));
      other[Symbol.dispose]();
      expect(await speaking).toHaveLength(12);
    }
  });

  it('speak together as each would alone, with adapters, samplers and biases of their own', async () => {
    using cache = await model.cache({ sessions: 4 });
    const parts = await Promise.all(
      [0, 1, 2, 3].map(async (i) => {
        const session = await cache.session();
        const active = i === 0 ? [] : [{ adapter: await adapter({ seed: i }), scale: 1 }];
        session.setAdapters(active);
        const prompt = transcript().subarray(i);
        const options = { ...drawn(i), maxTokens: 8 + 3 * i, bias: new Map([[70 + i, 3]]) };
        return { session, prompt, options, active };
      }),
    );
    const said: number[][] = parts.map(() => []);
    const stops: string[] = [];
    for await (const { part, token, stop } of drawTogether(parts)) {
      if (token !== undefined) said[part]!.push(token);
      if (stop !== undefined) stops.push(stop);
    }
    expect(stops).toEqual(['length', 'length', 'length', 'length']);
    expect(await cache.usage()).toMatchObject({ sessions: 4, open: 4 });
    for (const [i, { prompt, options, active }] of parts.entries()) {
      using alone = await model.session();
      alone.setAdapters(active);
      expect(said[i]).toEqual(await say(alone, prompt, options));
    }
    for (const { session } of parts) session[Symbol.dispose]();
  });

  it('are opened also while another speaks, and go on when the cache is disposed of', async () => {
    const cache = await model.cache({ sessions: 2, window: 128 });
    using first = await cache.session();
    const speaking = say(first, transcript(), drawn(1));
    using second = await cache.session();
    expect(await speaking).toHaveLength(12);
    cache[Symbol.dispose]();
    expect(await say(second, transcript(), drawn(1))).toHaveLength(12);
    await expect(cache.session()).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('switch voices without a new scheduler, on the graph there is', async () => {
    const versions = await Promise.all([1, 2, 3, 4].map((seed) => adapter({ seed })));
    using session = await model.session();
    session.setAdapters([{ adapter: versions[0]!, scale: 1 }]);
    const bias = new Map(Array.from(model.info.ends, (end) => [end, -1e9] as const));
    const stream = session.generate(transcript(), { maxTokens: 60, bias, ...drawn(1) });
    for (let i = 0; i < 4; i++) await stream.next();
    const before = await session.cache.usage();
    for (let i = 0; i < 40; i++) {
      session.setAdapters([{ adapter: versions[i % 4]!, scale: 1 }], { from: session.length });
      await stream.next();
    }
    const after = await session.cache.usage();
    expect(after.reserves).toBe(before.reserves);
    expect(after.reusedGraphs - before.reusedGraphs).toBeGreaterThanOrEqual(38);
    await stream.return('length');
  });
});

/** What may happen to one of four characters. */
type Event =
  | { readonly kind: 'speak'; readonly who: readonly number[] }
  | { readonly kind: 'adapter'; readonly who: number; readonly what: number }
  | { readonly kind: 'scale'; readonly who: number; readonly scale: number }
  | { readonly kind: 'retrain'; readonly what: number }
  | { readonly kind: 'takeBack' | 'store'; readonly who: number };

const someone = fc.integer({ min: 0, max: 3 });
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('speak' as const),
      who: fc.uniqueArray(someone, { minLength: 1 }),
    }),
  },
  fc.record({ kind: fc.constant('adapter' as const), who: someone, what: someone }),
  fc.record({
    kind: fc.constant('scale' as const),
    who: someone,
    scale: fc.constantFrom(0.25, 0.5, 1, 1.5),
  }),
  fc.record({ kind: fc.constant('retrain' as const), what: someone }),
  fc.record({ kind: fc.constantFrom('takeBack' as const, 'store' as const), who: someone }),
);

describe('Four characters and four adapters', () => {
  it('in any order say token for token what each says in a session of its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 6, maxLength: 14 }), async (events) => {
        await using stage = await Interleaved.open();
        for (const one of events) await stage.perform(one);
      }),
      { numRuns: 12, seed: 1601 },
    );
  });
});

/** Four sessions of one cache; each reply is compared with that of a new session that reads everything afresh. */
class Interleaved {
  readonly #sessions: Session[];
  readonly #adapters: Adapter[];
  readonly #texts: Int32Array[];
  /** Per session: which adapters were set and from where, in order. */
  readonly #set: { adapters: ActiveAdapter[]; from: number }[][] = [[], [], [], []];
  #seed = 0;

  private constructor(sessions: Session[], adapters: Adapter[]) {
    this.#sessions = sessions;
    this.#adapters = adapters;
    this.#texts = sessions.map((_, i) =>
      model.tokenize(`the king of ${'the wall '.repeat(i + 2)}`),
    );
  }

  static async open(): Promise<Interleaved> {
    using cache = await model.cache({ sessions: 4, window: 400 });
    const sessions = await Promise.all([1, 2, 3, 4].map(() => cache.session()));
    const adapters = await Promise.all([11, 12, 13, 14].map((seed) => adapter({ seed })));
    return new Interleaved(sessions, adapters);
  }

  async perform(one: Event): Promise<void> {
    switch (one.kind) {
      case 'speak':
        return this.#speak(one.who);
      case 'adapter':
        return this.#apply(one.who, [{ adapter: this.#adapters[one.what]!, scale: 1 }], 0);
      case 'scale': {
        const last = this.#set[one.who]!.at(-1)?.adapters[0];
        if (!last) return;
        const { length } = this.#sessions[one.who]!;
        return this.#apply(one.who, [{ ...last, scale: one.scale }], length);
      }
      case 'retrain': // the same name, other numbers
        this.#adapters[one.what] = await adapter({ seed: 100 + this.#seed });
        return;
      case 'takeBack': {
        const text = this.#texts[one.who]!;
        this.#texts[one.who] = text.subarray(0, Math.max(4, text.length - 7));
        return;
      }
      case 'store': {
        const path = join(folder, 'stored');
        const session = this.#sessions[one.who]!;
        await session.save(path);
        session.clear();
        expect(await session.restore(path)).toBe(true);
      }
    }
  }

  #apply(who: number, adapters: ActiveAdapter[], from: number): void {
    this.#sessions[who]!.setAdapters(adapters, { from });
    this.#set[who]!.push({ adapters, from });
  }

  async #speak(who: readonly number[]): Promise<void> {
    const seed = this.#seed++;
    const parts = who.map((i) => ({
      session: this.#sessions[i]!,
      prompt: this.#texts[i]!,
      options: { ...drawn(seed + i), maxTokens: 5 },
    }));
    const said: number[][] = parts.map(() => []);
    for await (const { part, token } of drawTogether(parts)) {
      if (token !== undefined) said[part]!.push(token);
    }
    for (const [part, i] of who.entries()) {
      using cold = await model.session({ window: 400 });
      for (const { adapters, from } of this.#set[i]!) cold.setAdapters(adapters, { from });
      const { prompt, options } = parts[part]!;
      expect(said[part]).toEqual(await say(cold, prompt, options));
      this.#texts[i] = Int32Array.of(...prompt, ...said[part]!);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) session[Symbol.dispose]();
  }
}
