import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGguf, type GgufContents, gguf } from '../../gguf/encode-gguf.ts';
import { sha256 } from '../../store/sha256.ts';
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

describe('The hash of an adapter', () => {
  it('is that of its file, unless whoever opens it knows it already', async () => {
    const { path, hash } = await adapter();
    expect(hash).toBe(sha256(await readFile(path)));
    expect((await model.adapter(path, 'known')).hash).toBe('known');
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
      /rank is 257, and the highest.*256/,
      () => tinyAdapter({ rank: 257 }),
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
