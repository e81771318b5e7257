import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGguf, type GgufContents, gguf } from '../../gguf/encode-gguf.ts';
import {
  type TinyAdapterOptions,
  tinyAdapter,
  writeTinyAdapter,
  writeTinyModel,
} from '../../testing/models/tiny-model.ts';
import type { Adapter } from '../adapter.ts';
import { Model } from '../model.ts';
import { Trainer } from '../trainer.ts';
import type { ActiveAdapter } from './active-adapters.ts';
import { applyForTurn } from './apply-for-turn.ts';
import { drawTogether } from './draw-together.ts';
import type { GenerateOptions, Session } from './session.ts';

let folder: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-adapters-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off', adapters: { slots: 12 } });
});
afterAll(async () => {
  model[Symbol.dispose]();
  await rm(folder, { recursive: true });
});

let made = 0;
async function adapter(options: TinyAdapterOptions = {}, more = {}): Promise<Adapter> {
  const path = join(folder, `adapter-${made++}.gguf`);
  const contents = tinyAdapter(options);
  await write(path, { ...contents, metadata: { ...contents.metadata, ...more } });
  return model.adapter(path);
}

async function write(path: string, contents: GgufContents): Promise<void> {
  await writeFile(path, encodeGguf(contents));
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

describe('A session with an adapter', () => {
  it('takes another between any two tokens, and says what it would say had it always been so', async () => {
    const [ham, mac] = [await adapter({ seed: 5 }), await adapter({ seed: 6 })];
    using session = await model.session();
    session.setAdapters([{ adapter: ham, scale: 1 }]);
    const said: number[] = [];
    let turned = 0;
    for await (const { token } of session.generate(transcript(), { maxTokens: 12, ...drawn(3) })) {
      if (token !== undefined) said.push(token);
      if (said.length !== 5) continue;
      turned = session.length;
      session.setAdapters([{ adapter: mac, scale: 0.5 }], { from: turned });
    }
    using fresh = await model.session();
    fresh.setAdapters([{ adapter: ham, scale: 1 }]);
    fresh.setAdapters([{ adapter: mac, scale: 0.5 }], { from: turned });
    const prompt = Int32Array.of(...transcript(), ...said.slice(0, 6));
    expect(turned).toBe(transcript().length + 4);
    await fresh.prefill(prompt);
    using plain = await model.session();
    plain.setAdapters([{ adapter: ham, scale: 1 }]);
    const [before] = await plain.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    const [after] = await fresh.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    const [own] = await session.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    expect(distance(own!, after!)).toBeLessThan(5e-3);
    expect(distance(own!, before!)).toBeGreaterThan(2e-2);
  });

  it('changes how strongly it acts without reading anything again', async () => {
    using session = await model.session();
    const ham = await adapter({ seed: 5 });
    session.setAdapters([{ adapter: ham, scale: 1 }]);
    await session.prefill(transcript());
    const from = session.length;
    session.setAdapters([{ adapter: ham, scale: 0.25 }], { from });
    const more = Int32Array.of(...transcript(), ...model.tokenize(' and so'));
    expect((await session.prefill(more)).reused).toBe(transcript().length);
    expect(session.adapterKey).toBe(`${ham.hash}×1, from ${from} ${ham.hash}×0.25`);
  });

  it('blends two by the sum of their effects', async () => {
    const [ham, mac] = [await adapter({ seed: 5 }), await adapter({ seed: 6 })];
    const scores = async (active: readonly ActiveAdapter[]): Promise<Float32Array> => {
      using session = await model.session();
      session.setAdapters(active);
      return (await session.score(transcript(), [model.tokenize(' night and day')]))[0]!;
    };
    const twice = await scores([
      { adapter: ham, scale: 0.5 },
      { adapter: ham, scale: 0.5 },
    ]);
    expect(distance(twice, await scores([{ adapter: ham, scale: 1 }]))).toBeLessThan(1e-2);
    const blend = await scores([
      { adapter: ham, scale: 0.5 },
      { adapter: mac, scale: 0.5 },
    ]);
    for (const one of [ham, mac]) {
      expect(distance(blend, await scores([{ adapter: one, scale: 1 }]))).toBeGreaterThan(0.05);
    }
  });

  it('scores branches under what is active', async () => {
    using session = await model.session();
    const active = [{ adapter: await adapter({ seed: 5 }), scale: 1 }];
    session.setAdapters(active);
    const texts = [' night', ' day and day', ' the king'].map((text) => model.tokenize(text));
    const together = await session.score(transcript(), texts);
    for (const [i, text] of texts.entries()) {
      using alone = await model.session();
      alone.setAdapters(active);
      expect(distance((await alone.score(transcript(), [text]))[0]!, together[i]!)).toBeLessThan(
        1e-3,
      );
    }
  });

  it('refuses five at once and a scale that is no number', async () => {
    const one = await adapter();
    using session = await model.session();
    const five = Array(5).fill({ adapter: one, scale: 1 });
    expect(() => session.setAdapters(five)).toThrow(RangeError);
    expect(() => session.setAdapters([{ adapter: one, scale: Number.NaN }])).toThrow(RangeError);
    expect(session.adapterKey).toBe('none');
  });

  it('speaks at once with what a trainer holds', async () => {
    using trainer = await Trainer.open(join(folder, 'tiny.gguf'), { rank: 4, alpha: 8 });
    trainer.reset(1);
    using session = await model.session();
    const base = (await session.score(transcript(), [model.tokenize(' night')]))[0]!;
    session.setAdapters([{ adapter: await trainer.adapter(model), scale: 1 }]);
    const blank = (await session.score(transcript(), [model.tokenize(' night')]))[0]!;
    expect(distance(blank, base)).toBeLessThan(1e-5); // B is zero
  });
});

describe('The scope of an adapter', () => {
  it('is what it was trained for, and the other is refused', async () => {
    const turn = await adapter({}, { 'dramatis.adapter.scope': gguf.text('turn') });
    const context = await adapter({}, { 'dramatis.adapter.scope': gguf.text('context') });
    using session = await model.session();
    expect(() => {
      session.setAdapters([{ adapter: turn, scale: 1 }]);
    }).toThrow(/scope "turn": pass `from`/);
    expect(() => {
      session.setAdapters([{ adapter: context, scale: 1 }], { from: 20 });
    }).toThrow(/read without it/);
    session.setAdapters([{ adapter: turn, scale: 1 }], { from: 20 });
    session.setAdapters([{ adapter: context, scale: 1 }]);
    session.setAdapters([{ adapter: context, scale: 0.5 }], { from: 20 });
  });
});

describe('applyForTurn', () => {
  it('lets a turn be said as if nothing of its kind had been before, and keeps what was read', async () => {
    const [own, all] = [await adapter({ seed: 5, scope: 'turn' }), await adapter({ seed: 6 })];
    const read = Int32Array.of(...transcript(), ...model.tokenize('HAM. so'));
    const prompt = Int32Array.of(...read, ...model.tokenize('MAC.'));
    for (const set of [[own], [all, own]]) {
      const adapters = set.map((one) => ({ adapter: one, scale: 1 }));
      using session = await model.session();
      applyForTurn(session, adapters, transcript().length);
      await session.prefill(read);
      applyForTurn(session, adapters, read.length);
      expect((await session.prefill(prompt)).reused).toBe(transcript().length);
      const said = await say(session, prompt, drawn(3));
      using fresh = await model.session();
      if (set.includes(all)) fresh.setAdapters([{ adapter: all, scale: 1 }]);
      await fresh.prefill(read);
      fresh.setAdapters(adapters, { from: read.length });
      expect(await say(fresh, prompt, drawn(3))).toEqual(said);
      expect(fresh.adapterKey).toBe(session.adapterKey);
    }
  });

  it('keeps the whole transcript from one character to the next', async () => {
    const cast = [
      await adapter({ seed: 5, scope: 'turn' }),
      await adapter({ seed: 6, scope: 'turn' }),
    ];
    using session = await model.session();
    await session.prefill(transcript());
    for (const one of cast) {
      applyForTurn(session, [{ adapter: one, scale: 1 }], transcript().length);
      const prompt = Int32Array.of(...transcript(), ...model.tokenize('so'));
      expect((await session.prefill(prompt)).reused).toBe(transcript().length);
      applyForTurn(session, [{ adapter: one, scale: 1 }], undefined);
      expect(session.adapterKey).toBe('none');
      expect(session.length).toBe(transcript().length);
    }
  });

  it('takes the word of who opened it where the file has none', async () => {
    const plain = await adapter({ seed: 5 });
    using session = await model.session();
    applyForTurn(session, [{ adapter: plain, scale: 1, scope: 'turn' }], 7);
    expect(session.adapterKey).toBe(`none, from 7 ${plain.hash}×1`);
    applyForTurn(session, [{ adapter: plain, scale: 1 }], 7);
    expect(session.adapterKey).toBe(`${plain.hash}×1`);
  });
});

describe('Sessions of one cache', () => {
  it('read a transcript once and go on from it each in its own voice', async () => {
    using cache = await model.cache({ sessions: 3, window: 256, tokens: 256 });
    using told = await cache.session();
    await told.prefill(transcript());
    const from = told.length;
    for (const seed of [5, 6]) {
      const own = await adapter({ seed });
      using fork = await told.fork();
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

describe('A bad adapter', () => {
  const refusal = async (change: (contents: GgufContents) => GgufContents): Promise<unknown> => {
    const path = join(folder, 'bad.gguf');
    await write(path, change(tinyAdapter({})));
    return model.adapter(path).catch((error: unknown) => error);
  };
  const first = ({ tensors }: GgufContents) => tensors[0]!;
  const metadata = (more: GgufContents['metadata']) => (contents: GgufContents) => ({
    ...contents,
    metadata: { ...contents.metadata, ...more },
  });

  it.each<[string, RegExp, (contents: GgufContents) => GgufContents]>([
    [
      'of another tokenizer',
      /another tokenizer/,
      metadata({ 'dramatis.tokenizer.sha256': gguf.text('0'.repeat(64)) }),
    ],
    [
      'of another architecture',
      /made for qwen2/,
      metadata({ 'general.architecture': gguf.text('qwen2') }),
    ],
    [
      'with a path in what it says of itself',
      /is a path/,
      metadata({ 'dramatis.base.sha256': gguf.text('../../etc/shadow') }),
    ],
    [
      'of an unknown scope',
      /its scope is "scene"/,
      metadata({ 'dramatis.adapter.scope': gguf.text('scene') }),
    ],
    [
      'without one half of a pair',
      /has no lora_b/,
      (contents) => ({
        ...contents,
        tensors: contents.tensors.filter(({ name }) => name !== 'blk.0.attn_k.weight.lora_b'),
      }),
    ],
    [
      'with a tensor twice',
      /twice/,
      (contents) => ({ ...contents, tensors: [...contents.tensors, first(contents)] }),
    ],
    ['for a wider base', /do not fit/, () => tinyAdapter({ width: 96 })],
    ['of rank 0', /has an extent of 0/, () => tinyAdapter({ rank: 0 })],
    [
      'of a rank above the bank',
      /rank is 65, and the highest.*64/,
      () => tinyAdapter({ rank: 65 }),
    ],
    [
      'of the vocabulary',
      /"output\.weight"; adapters of the matrices/,
      (contents) => ({
        ...contents,
        tensors: contents.tensors.map((tensor) => ({
          ...tensor,
          name: tensor.name.replace('blk.0.attn_q.weight', 'output.weight'),
        })),
      }),
    ],
  ])('%s is refused with the reason, and the model goes on', async (_, reason, change) => {
    const error = await refusal(change);
    expect(error).toMatchObject({ message: expect.stringMatching(reason) });
    using session = await model.session();
    expect(await say(session, transcript(), drawn(1))).toHaveLength(12);
  });

  it('that holds an infinity is refused', async () => {
    const path = join(folder, 'infinite.gguf');
    await writeTinyAdapter(path, {});
    const bytes = await readFile(path);
    bytes.writeFloatLE(Number.POSITIVE_INFINITY, bytes.length - 128);
    await writeFile(path, bytes);
    await expect(model.adapter(path)).rejects.toThrow(/not finite/);
  });
});

describe('The bank', () => {
  it('keeps as many adapters as it was made for, and says so when all are active', async () => {
    using small = await Model.open(join(folder, 'tiny.gguf'), {
      gpu: 'off',
      adapters: { slots: 2 },
    });
    const open = async (seed: number): Promise<ActiveAdapter> => {
      const path = join(folder, `small-${seed}.gguf`);
      await writeTinyAdapter(path, { seed });
      return { adapter: await small.adapter(path), scale: 1 };
    };
    const [a, b, c] = [await open(1), await open(2), await open(3)];
    using one = await small.session();
    using other = await small.session();
    one.setAdapters([a, b]);
    await one.prefill(transcript());
    other.setAdapters([c]);
    await expect(other.prefill(transcript())).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
      remedy: expect.stringContaining('slots'),
    });
    one.setAdapters([a]);
    await one.prefill(transcript());
    await other.prefill(transcript());
    expect(await small.bank()).toMatchObject({ slots: 2, loads: 3, form: 'fused' });
  });
});

function distance(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}
