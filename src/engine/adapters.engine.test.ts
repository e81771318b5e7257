import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGguf, type GgufContents, gguf } from '../gguf/encode-gguf.ts';
import {
  type TinyAdapterOptions,
  tinyAdapter,
  writeTinyAdapter,
  writeTinyModel,
} from '../testing/models/tiny-model.ts';
import type { Adapter } from './adapter.ts';
import { generateTogether } from './batch.ts';
import { Model } from './model.ts';
import type { GenerateOptions, Session } from './session.ts';
import { Trainer } from './trainer.ts';
import { wearForTurn } from './wear-for-turn.ts';
import type { Acting } from './wear-plan.ts';

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
    session.adapter = { version: ham, gain: 1 };
    const said: number[] = [];
    let turned = 0;
    for await (const { token } of session.generate(transcript(), { maxTokens: 12, ...drawn(3) })) {
      if (token !== undefined) said.push(token);
      if (said.length !== 5) continue;
      turned = session.length;
      session.adapter = { version: mac, gain: 0.5, from: turned };
    }
    using fresh = await model.session();
    fresh.adapter = { version: ham, gain: 1 };
    fresh.adapter = { version: mac, gain: 0.5, from: turned };
    const prompt = Int32Array.of(...transcript(), ...said.slice(0, 6));
    expect(turned).toBe(transcript().length + 4);
    await fresh.prefill(prompt);
    using plain = await model.session();
    plain.adapter = { version: ham, gain: 1 };
    const [before] = await plain.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    const [after] = await fresh.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    const [own] = await session.score(prompt, [Int32Array.from(said.slice(6, 9))]);
    expect(distance(own!, after!)).toBeLessThan(5e-3);
    expect(distance(own!, before!)).toBeGreaterThan(2e-2);
  });

  it('changes how strongly it acts without reading anything again', async () => {
    using session = await model.session();
    session.adapter = { version: await adapter({ seed: 5 }), gain: 1 };
    await session.prefill(transcript());
    session.gain = 0.25;
    const more = Int32Array.of(...transcript(), ...model.tokenize(' and so'));
    expect((await session.prefill(more)).reused).toBe(transcript().length);
    expect(session.adapter).toMatchObject({ gain: 0.25, from: transcript().length });
  });

  it('blends two by the sum of their effects', async () => {
    const [ham, mac] = [await adapter({ seed: 5 }), await adapter({ seed: 6 })];
    const scores = async (acting: readonly Acting[]): Promise<Float32Array> => {
      using session = await model.session();
      session.wear(acting);
      return (await session.score(transcript(), [model.tokenize(' night and day')]))[0]!;
    };
    const twice = await scores([
      { version: ham, gain: 0.5 },
      { version: ham, gain: 0.5 },
    ]);
    expect(distance(twice, await scores([{ version: ham, gain: 1 }]))).toBeLessThan(1e-2);
    const blend = await scores([
      { version: ham, gain: 0.5 },
      { version: mac, gain: 0.5 },
    ]);
    for (const version of [ham, mac]) {
      expect(distance(blend, await scores([{ version, gain: 1 }]))).toBeGreaterThan(0.05);
    }
  });

  it('scores branches under what it wears', async () => {
    using session = await model.session();
    session.adapter = { version: await adapter({ seed: 5 }), gain: 1 };
    const texts = [' night', ' day and day', ' the king'].map((text) => model.tokenize(text));
    const together = await session.score(transcript(), texts);
    for (const [i, text] of texts.entries()) {
      using alone = await model.session();
      alone.adapter = session.adapter;
      expect(distance((await alone.score(transcript(), [text]))[0]!, together[i]!)).toBeLessThan(
        1e-3,
      );
    }
  });

  it('refuses five at once and a gain that is no number', async () => {
    const version = await adapter();
    using session = await model.session();
    expect(() => session.wear(Array(5).fill({ version, gain: 1 }))).toThrow(RangeError);
    expect(() => session.wear([{ version, gain: Number.NaN }])).toThrow(RangeError);
    expect(session.adapterKey).toBe('none');
  });

  it('speaks at once with what a trainer holds', async () => {
    using trainer = await Trainer.open(join(folder, 'tiny.gguf'), { rank: 4, alpha: 8 });
    trainer.reset(1);
    using session = await model.session();
    const base = (await session.score(transcript(), [model.tokenize(' night')]))[0]!;
    session.adapter = { version: await trainer.adapter(model), gain: 1 };
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
      session.adapter = { version: turn, gain: 1 };
    }).toThrow(/scope "turn": pass `from`/);
    expect(() => {
      session.adapter = { version: context, gain: 1, from: 20 };
    }).toThrow(/read without it/);
    session.adapter = { version: turn, gain: 1, from: 20 };
    session.adapter = { version: context, gain: 1 };
    session.adapter = { version: context, gain: 0.5, from: 20 };
  });
});

describe('wearForTurn', () => {
  it('lets a turn be said as if nothing of its kind had been before, and keeps what was read', async () => {
    const [own, all] = [await adapter({ seed: 5, scope: 'turn' }), await adapter({ seed: 6 })];
    const read = Int32Array.of(...transcript(), ...model.tokenize('HAM. so'));
    const prompt = Int32Array.of(...read, ...model.tokenize('MAC.'));
    for (const worn of [[own], [all, own]]) {
      const adapters = worn.map((one) => ({ adapter: one, scale: 1 }));
      using session = await model.session();
      wearForTurn(session, adapters, transcript().length);
      await session.prefill(read);
      wearForTurn(session, adapters, read.length);
      expect((await session.prefill(prompt)).reused).toBe(transcript().length);
      const said = await say(session, prompt, drawn(3));
      using fresh = await model.session();
      if (worn.includes(all)) fresh.adapter = { version: all, gain: 1 };
      await fresh.prefill(read);
      fresh.wear(
        worn.map((version) => ({ version, gain: 1 })),
        read.length,
      );
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
      wearForTurn(session, [{ adapter: one, scale: 1 }], transcript().length);
      const prompt = Int32Array.of(...transcript(), ...model.tokenize('so'));
      expect((await session.prefill(prompt)).reused).toBe(transcript().length);
      wearForTurn(session, [{ adapter: one, scale: 1 }], undefined);
      expect(session.adapterKey).toBe('none');
      expect(session.length).toBe(transcript().length);
    }
  });

  it('takes the word of who puts it on where the file has none', async () => {
    const plain = await adapter({ seed: 5 });
    using session = await model.session();
    wearForTurn(session, [{ adapter: plain, scale: 1, scope: 'turn' }], 7);
    expect(session.adapter?.from).toBe(7);
    wearForTurn(session, [{ adapter: plain, scale: 1 }], 7);
    expect(session.adapter?.from).toBe(0);
  });
});

describe('Sessions of one cache', () => {
  it('read a transcript once and go on from it each in its own voice', async () => {
    using told = await model.session({ sessions: 3, window: 256, cacheTokens: 256 });
    await told.prefill(transcript());
    const from = told.length;
    for (const seed of [5, 6]) {
      const version = await adapter({ seed });
      using fork = await told.fork();
      fork.adapter = { version, gain: 1, from };
      using alone = await model.session();
      alone.adapter = { version, gain: 1, from };
      const prompt = Int32Array.of(...transcript(), ...model.tokenize('so'));
      expect((await fork.prefill(prompt)).reused).toBe(from);
      expect(fork.memory.own).toBeLessThan(fork.memory.bytes / 5);
      expect(await say(fork, prompt, drawn(seed))).toEqual(await say(alone, prompt, drawn(seed)));
    }
  });

  it('are no more than the cache was made for', async () => {
    using first = await model.session({ sessions: 2 });
    using _second = await first.another();
    await expect(first.fork()).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
      remedy: expect.stringContaining('sessions'),
    });
  });

  it('give their place back when they are disposed of, also while another speaks', async () => {
    using first = await model.session({ sessions: 2, window: 128 });
    for (let i = 0; i < 10; i++) {
      const other = await first.another();
      await other.prefill(transcript());
      const speaking = say(first, transcript(), drawn(i));
      other[Symbol.dispose]();
      expect(await speaking).toHaveLength(12);
    }
  });

  it('speak together as each would alone, with adapters, samplers and biases of their own', async () => {
    using first = await model.session({ sessions: 4 });
    const sessions = [first, await first.another(), await first.another(), await first.another()];
    const parts = await Promise.all(
      sessions.map(async (session, i) => {
        const version = i === 0 ? undefined : await adapter({ seed: i });
        if (version) session.adapter = { version, gain: 1 };
        const prompt = transcript().subarray(i);
        const options = { ...drawn(i), maxTokens: 8 + 3 * i, bias: new Map([[70 + i, 3]]) };
        return { session, prompt, options, version };
      }),
    );
    const said: number[][] = parts.map(() => []);
    const speaking = generateTogether(parts);
    for (;;) {
      const { value, done } = await speaking.next();
      if (done) {
        expect(value).toEqual(['length', 'length', 'length', 'length']);
        break;
      }
      if (value.token !== undefined) said[value.part]!.push(value.token);
    }
    for (const [i, { prompt, options, version }] of parts.entries()) {
      using alone = await model.session();
      if (version) alone.adapter = { version, gain: 1 };
      expect(said[i]).toEqual(await say(alone, prompt, options));
    }
    for (const session of sessions) session[Symbol.dispose]();
  });

  it('switch voices without a new scheduler, on the graph there is', async () => {
    const versions = await Promise.all([1, 2, 3, 4].map((seed) => adapter({ seed })));
    using session = await model.session();
    session.adapter = { version: versions[0]!, gain: 1 };
    const bias = new Map(Array.from(model.info.ends, (end) => [end, -1e9] as const));
    const stream = session.generate(transcript(), { maxTokens: 60, bias, ...drawn(1) });
    for (let i = 0; i < 4; i++) await stream.next();
    const before = await session.cache();
    for (let i = 0; i < 40; i++) {
      session.adapter = { version: versions[i % 4]!, gain: 1, from: session.length };
      await stream.next();
    }
    const after = await session.cache();
    expect(after.reserves).toBe(before.reserves);
    expect(after.reusedGraphs - before.reusedGraphs).toBeGreaterThanOrEqual(38);
    await stream.return('length');
  });
});

/** What may happen to one of four characters. */
type Event =
  | { readonly kind: 'speak'; readonly who: readonly number[] }
  | { readonly kind: 'wear'; readonly who: number; readonly what: number }
  | { readonly kind: 'gain'; readonly who: number; readonly gain: number }
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
  fc.record({ kind: fc.constant('wear' as const), who: someone, what: someone }),
  fc.record({
    kind: fc.constant('gain' as const),
    who: someone,
    gain: fc.constantFrom(0.25, 0.5, 1, 1.5),
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
  readonly #versions: Adapter[];
  readonly #texts: Int32Array[];
  /** Per session: what was put on and from where, in order. */
  readonly #worn: { acting: Acting[]; from: number }[][] = [[], [], [], []];
  #seed = 0;

  private constructor(sessions: Session[], versions: Adapter[]) {
    this.#sessions = sessions;
    this.#versions = versions;
    this.#texts = sessions.map((_, i) =>
      model.tokenize(`the king of ${'the wall '.repeat(i + 2)}`),
    );
  }

  static async open(): Promise<Interleaved> {
    const first = await model.session({ sessions: 4, window: 400 });
    const rest = [await first.another(), await first.another(), await first.another()];
    const versions = await Promise.all([11, 12, 13, 14].map((seed) => adapter({ seed })));
    return new Interleaved([first, ...rest], versions);
  }

  async perform(one: Event): Promise<void> {
    switch (one.kind) {
      case 'speak':
        return this.#speak(one.who);
      case 'wear':
        return this.#wear(one.who, [{ version: this.#versions[one.what]!, gain: 1 }], 0);
      case 'gain': {
        const session = this.#sessions[one.who]!;
        if (!session.adapter) return;
        const acting = [{ version: session.adapter.version, gain: one.gain }];
        return this.#wear(one.who, acting, session.length);
      }
      case 'retrain': // the same name, other numbers
        this.#versions[one.what] = await adapter({ seed: 100 + this.#seed });
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

  #wear(who: number, acting: Acting[], from: number): void {
    this.#sessions[who]!.wear(acting, from);
    this.#worn[who]!.push({ acting, from });
  }

  async #speak(who: readonly number[]): Promise<void> {
    const seed = this.#seed++;
    const parts = who.map((i) => ({
      session: this.#sessions[i]!,
      prompt: this.#texts[i]!,
      options: { ...drawn(seed + i), maxTokens: 5 },
    }));
    const said: number[][] = parts.map(() => []);
    for await (const { part, token } of generateTogether(parts)) {
      if (token !== undefined) said[part]!.push(token);
    }
    for (const [part, i] of who.entries()) {
      using cold = await model.session({ window: 400 });
      for (const { acting, from } of this.#worn[i]!) cold.wear(acting, from);
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
  it('keeps as many adapters as it was made for, and says so when all are worn', async () => {
    using small = await Model.open(join(folder, 'tiny.gguf'), {
      gpu: 'off',
      adapters: { slots: 2 },
    });
    const open = async (seed: number): Promise<Acting> => {
      const path = join(folder, `small-${seed}.gguf`);
      await writeTinyAdapter(path, { seed });
      return { version: await small.adapter(path), gain: 1 };
    };
    const [a, b, c] = [await open(1), await open(2), await open(3)];
    using one = await small.session();
    using other = await small.session();
    one.wear([a, b]);
    await one.prefill(transcript());
    other.wear([c]);
    await expect(other.prefill(transcript())).rejects.toMatchObject({
      code: 'MEMORY_SHORT',
      remedy: expect.stringContaining('slots'),
    });
    one.wear([a]);
    await one.prefill(transcript());
    await other.prefill(transcript());
    expect(await small.bank()).toMatchObject({ slots: 2, loads: 3, form: 'fused' });
  });
});

function distance(a: Float32Array, b: Float32Array): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}
