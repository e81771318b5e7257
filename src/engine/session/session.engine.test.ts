import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyAdapter, writeTinyModel } from '../../testing/models/tiny-model.ts';
import { Model } from '../model.ts';
import type { GenerateOptions, Session } from './session.ts';

let folder: string;
let model: Model;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dramatis-engine-'));
  await writeTinyModel(join(folder, 'tiny.gguf'));
  await writeTinyAdapter(join(folder, 'ham.gguf'), { seed: 5 });
  await writeTinyAdapter(join(folder, 'mac.gguf'), { seed: 6 });
  model = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
});
afterAll(() => rm(folder, { recursive: true }));

const prompt = (): Int32Array => model.tokenize('the king and the ghost on the wall at night');
const longPrompt = (): Int32Array =>
  model.tokenize('words, words, words. '.repeat(40)).subarray(0, 450);

async function reply(
  session: Session,
  tokens: Int32Array,
  options: GenerateOptions = {},
): Promise<{ tokens: number[]; text: string; stop: string }> {
  const said: number[] = [];
  let text = '';
  const stream = session.generate(tokens, { maxTokens: 24, ...options });
  for (;;) {
    const { value, done } = await stream.next();
    if (done) return { tokens: said, text, stop: value };
    if (value.token !== undefined) said.push(value.token);
    text += value.text;
  }
}

describe('Session.generate', () => {
  it('says the same at the same seed and something else at another', async () => {
    using session = await model.session();
    const first = await reply(session, prompt(), { sampling: { seed: 7 } });
    const again = await reply(session, prompt(), { sampling: { seed: 7 } });
    const other = await reply(session, prompt(), { sampling: { seed: 8 } });
    expect(again).toEqual(first);
    expect(other.tokens).not.toEqual(first.tokens);
  });

  it('says the same whether the cache held the prompt or not', async () => {
    using warm = await model.session();
    await warm.prefill(longPrompt());
    using cold = await model.session();
    const options = { sampling: { temperature: 0 } };
    const { reused } = await warm.prefill(longPrompt());
    expect(reused).toBe(longPrompt().length - 1);
    expect(await reply(warm, longPrompt(), options)).toEqual(
      await reply(cold, longPrompt(), options),
    );
  });

  it('goes on where the last reply ended without reading it again', async () => {
    using session = await model.session();
    const said = await reply(session, prompt(), { sampling: { temperature: 0 } });
    const longer = Int32Array.of(...prompt(), ...said.tokens, ...model.tokenize(' more'));
    const { evaluated } = await session.prefill(longer);
    expect(evaluated).toBeLessThanOrEqual(model.tokenize(' more').length + 1);
  });

  it('computes nothing after the loop is left', async () => {
    using session = await model.session();
    for await (const _ of session.generate(prompt())) break;
    expect((await reply(session, prompt(), { maxTokens: 1 })).tokens).toHaveLength(1); // not BUSY
  });

  it('stops inside a long prompt when the signal aborts, and throws its reason', async () => {
    using session = await model.session();
    const stop = new AbortController();
    const reading = session.generate(longPrompt(), { signal: stop.signal }).next();
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(session.length).toBeLessThan(longPrompt().length);
  });

  it('ends at a stop text, which it does not say, wherever the tokens part it', async () => {
    using session = await model.session();
    const options = { sampling: { temperature: 0 }, maxTokens: 40 };
    const whole = (await reply(session, prompt(), options)).text;
    const stop = whole.slice(10, 14);
    const cut = await reply(session, prompt(), { ...options, stop: [stop] });
    expect(cut.stop).toBe('stop');
    expect(cut.text).toBe(whole.slice(0, whole.indexOf(stop)));
  });

  it('never says a banned token and always one that is pushed', async () => {
    using session = await model.session();
    const likeliest = (await reply(session, prompt(), { sampling: { temperature: 0 } })).tokens[0]!;
    const bias = new Map([[likeliest, Number.NEGATIVE_INFINITY]]);
    const banned = await reply(session, prompt(), { bias, sampling: { seed: 3 }, maxTokens: 60 });
    expect(banned.tokens).not.toContain(likeliest);
    const pushed = await reply(session, prompt(), { bias: new Map([[77, 1000]]), maxTokens: 3 });
    expect(new Set(pushed.tokens)).toEqual(new Set([77]));
  });

  it('takes a bias changed between two tokens', async () => {
    using session = await model.session();
    const said: (number | undefined)[] = [];
    for await (const { token } of session.generate(prompt(), { bias: new Map([[77, 1000]]) })) {
      said.push(token);
      session.bias(new Map([[78, 1000]]));
      if (said.length === 3) break;
    }
    expect(said).toEqual([77, 78, 78]);
  });

  it('says only what a grammar allows', async () => {
    using session = await model.session();
    const grammar = 'root ::= ("aye" | "nay") ", my " ("lord" | "lady")';
    for (let seed = 0; seed < 6; seed++) {
      const { text, stop } = await reply(session, prompt(), { sampling: { grammar, seed } });
      expect(text).toMatch(/^(aye|nay), my (lord|lady)$/);
      expect(stop).toBe('end');
    }
  });

  it('names a grammar that cannot be read', async () => {
    using session = await model.session();
    const reading = reply(session, prompt(), { sampling: { grammar: 'root ::= (' } });
    await expect(reading).rejects.toMatchObject({ code: 'GRAMMAR_INVALID' });
  });

  it('says less of what DRY and the repeat penalty forbid', async () => {
    using session = await model.session();
    const bias = new Map([
      [77, 8],
      [78, 8],
    ]);
    const plain = { temperature: 0, dryMultiplier: 0 };
    const repeated = await reply(session, prompt(), { bias, sampling: plain, maxTokens: 30 });
    const dry = await reply(session, prompt(), {
      bias,
      sampling: { ...plain, dryMultiplier: 4, dryAllowed: 1 },
      maxTokens: 30,
    });
    const penal = await reply(session, prompt(), {
      bias,
      sampling: { ...plain, repeatPenalty: 5 },
      maxTokens: 30,
    });
    const kinds = (said: { tokens: number[] }) => new Set(said.tokens).size;
    expect(kinds(dry)).toBeGreaterThan(kinds(repeated));
    expect(kinds(penal)).toBeGreaterThan(kinds(repeated));
  });

  it('narrows the draw by top-k, top-p and min-p', async () => {
    using session = await model.session();
    const best = await reply(session, prompt(), { sampling: { temperature: 0, dryMultiplier: 0 } });
    for (const sampling of [{ topK: 1 }, { topP: 1e-6 }, { minP: 0.999999 }]) {
      const drawn = await reply(session, prompt(), {
        sampling: { ...sampling, temperature: 1, seed: 4, dryMultiplier: 0 },
      });
      expect(drawn.tokens).toEqual(best.tokens);
    }
  });

  it('ends with "window" when there is no room, and refuses a prompt that does not fit', async () => {
    using session = await model.session({ window: 64 });
    const full = await reply(session, longPrompt().subarray(0, 60), {
      maxTokens: 100,
      bias: new Map(Array.from(model.info.ends, (end) => [end, Number.NEGATIVE_INFINITY] as const)),
    });
    expect(full.stop).toBe('window');
    const tooLong = reply(session, longPrompt().subarray(0, 65));
    await expect(tooLong).rejects.toMatchObject({ code: 'WINDOW_EXCEEDED' });
  });

  it('lets one call through at a time', async () => {
    using session = await model.session();
    const first = session.prefill(longPrompt());
    await expect(session.prefill(prompt())).rejects.toMatchObject({ code: 'BUSY' });
    await first;
  });

  it('fails with DISPOSED after disposal, and survives disposal in mid-call', async () => {
    const session = await model.session();
    const reading = session.prefill(longPrompt());
    session[Symbol.dispose]();
    session[Symbol.dispose]();
    await expect(reading).rejects.toMatchObject({ code: 'DISPOSED' });
    await expect(reply(session, prompt())).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('refuses tokens that are not in the vocabulary', async () => {
    using session = await model.session();
    await expect(session.prefill(Int32Array.of(1, 99999))).rejects.toThrow(RangeError);
    await expect(session.prefill(Int32Array.of(-1))).rejects.toThrow(RangeError);
  });
});

describe('Session.score', () => {
  it('gives probabilities that sum to one over the vocabulary', async () => {
    using session = await model.session();
    const every = Array.from({ length: model.info.vocabulary }, (_, id) => Int32Array.of(id));
    const scores = await session.score(prompt(), every);
    const sum = scores.reduce((total, row) => total + Math.exp(row[0]!), 0);
    expect(sum).toBeCloseTo(1, 4);
  });

  it('equals scoring each continuation alone, token by token, from a cold cache', async () => {
    using session = await model.session();
    const texts = [' the king', ' a', ' words and more words', '!', ' my lord, my lord'];
    const continuations = texts.map((text) => model.tokenize(text));
    const together = await session.score(prompt(), continuations);
    for (const [i, continuation] of continuations.entries()) {
      for (const [at, token] of continuation.entries()) {
        using cold = await model.session();
        const before = Int32Array.of(...prompt(), ...continuation.subarray(0, at));
        const [alone] = await cold.score(before, [Int32Array.of(token)]);
        expect(together[i]![at]).toBeCloseTo(alone![0]!, 1);
      }
    }
  });

  it('scores a long continuation as it does a short one, and leaves the prefix in the cache', async () => {
    using session = await model.session();
    const long = longPrompt().subarray(0, 150);
    const [scores] = await session.score(prompt(), [long]);
    const [head] = await session.score(prompt(), [long.subarray(0, 20)]);
    expect(Array.from(scores!.subarray(0, 20))).toEqual(
      Array.from(head!, (value) => expect.closeTo(value, 1)),
    );
    expect(session.length).toBe(prompt().length);
  });

  it('refuses what does not fit the window', async () => {
    using session = await model.session({ window: 32 });
    const scoring = session.score(longPrompt().subarray(0, 20), [longPrompt().subarray(0, 20)]);
    await expect(scoring).rejects.toMatchObject({ code: 'WINDOW_EXCEEDED' });
  });
});

describe('Session.scoreAll', () => {
  const texts = ['the king', ' is', ' dead, my lord', '!', ' and the ghost walks on the wall'];
  const made = () => {
    const tokens = texts.map((text) => model.tokenize(text));
    const scene = longPrompt();
    return [
      ...[20, 45, 46, 130, 300].map((n) => ({
        prefix: scene.subarray(0, n),
        continuations: tokens,
      })),
      { prefix: prompt(), continuations: [tokens[2]!, scene.subarray(0, 150), tokens[3]!] },
      { prefix: prompt(), continuations: [] },
      { prefix: tokens[0]!, continuations: [tokens[1]!] },
    ];
  };

  it('says of many texts together what it says of each alone', async () => {
    using session = await model.session({ scoreRows: 100 });
    const requests = made();
    const { scores } = await session.scoreAll(requests);
    for (const [r, { prefix, continuations }] of requests.entries()) {
      using cold = await model.session();
      for (const [c, continuation] of continuations.entries()) {
        const [alone] = await cold.score(prefix, [continuation]);
        expect(scores[r]![c]).toHaveLength(continuation.length);
        scores[r]![c]!.forEach((score, i) => {
          expect(score).toBeCloseTo(alone![i]!, 1);
        });
      }
    }
  });

  it('gives the same bits again, whatever was in the cache before it was cleared', async () => {
    using session = await model.session();
    const requests = made();
    const first = await session.scoreAll(requests);
    await session.prefill(longPrompt().subarray(0, 77));
    session.clear();
    expect(await session.scoreAll(requests)).toEqual(first);
  });
});

describe('An adapter', () => {
  const options = { sampling: { temperature: 0, dryMultiplier: 0 } };

  it('changes what is said; scale 0 and taking it off give the base again', async () => {
    using session = await model.session();
    using adapter = await model.adapter(join(folder, 'ham.gguf'));
    const base = await reply(session, prompt(), options);
    session.setAdapters([{ adapter, scale: 1 }]);
    const adapted = await reply(session, prompt(), options);
    session.setAdapters([{ adapter, scale: 0 }]);
    const zero = await reply(session, prompt(), options);
    session.setAdapters([]);
    const off = await reply(session, prompt(), options);
    expect(adapted.tokens).not.toEqual(base.tokens);
    expect([zero, off]).toEqual([base, base]);
  });

  it('never reads a cache that another adapter made', async () => {
    using adapters = {
      a: await model.adapter(join(folder, 'ham.gguf')),
      b: await model.adapter(join(folder, 'mac.gguf')),
      [Symbol.dispose]() {},
    };
    using shared = await model.session();
    const turns = [adapters.a, adapters.b, null, adapters.b, adapters.a];
    for (const adapter of turns) {
      const active = adapter ? [{ adapter, scale: 1 }] : [];
      shared.setAdapters(active);
      using cold = await model.session();
      cold.setAdapters(active);
      expect(await reply(shared, longPrompt(), options)).toEqual(
        await reply(cold, longPrompt(), options),
      );
    }
  });

  it('is distinguished from another by its content, not by its path', async () => {
    using first = await model.adapter(join(folder, 'ham.gguf'));
    await writeFile(join(folder, 'same.gguf'), await readFile(join(folder, 'mac.gguf')));
    using second = await model.adapter(join(folder, 'same.gguf'));
    using third = await model.adapter(join(folder, 'mac.gguf'));
    expect(second.hash).toBe(third.hash);
    expect(second.hash).not.toBe(first.hash);
  });

  it('is refused with the reason if it does not fit the base', async () => {
    const refused = async (bytes: Uint8Array): Promise<unknown> => {
      const path = join(folder, 'bad.gguf');
      await writeFile(path, bytes);
      return model.adapter(path).catch((error: unknown) => error);
    };
    const good = await readFile(join(folder, 'ham.gguf'));
    const nan = Buffer.from(good);
    nan.writeFloatLE(Number.NaN, good.length - 64);
    expect(await refused(nan)).toMatchObject({ code: 'ADAPTER_MISMATCH' });
    expect(await refused(good.subarray(0, good.length - 500))).toMatchObject({
      code: 'GGUF_INVALID',
    });
    const otherBase = Buffer.from(
      good.toString('latin1').replace('blk.0.attn_q', 'blk.9.attn_q'),
      'latin1',
    );
    expect(await refused(otherBase)).toMatchObject({ code: 'ADAPTER_MISMATCH' });
    await expect(model.adapter(join(folder, 'tiny.gguf'))).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
    });
  });
});

describe('A saved state', () => {
  it('goes on as if nothing had happened', async () => {
    using first = await model.session();
    await first.prefill(longPrompt());
    const path = join(folder, 'state');
    await first.save(path);
    using second = await model.session();
    expect(await second.restore(path)).toBe(true);
    expect((await second.prefill(longPrompt())).evaluated).toBe(1);
    const options = { sampling: { temperature: 0 } };
    expect(await reply(second, longPrompt(), options)).toEqual(
      await reply(first, longPrompt(), options),
    );
  });

  it('is not taken back under another adapter, another window, or damaged', async () => {
    using session = await model.session();
    await session.prefill(prompt());
    const path = join(folder, 'state');
    await session.save(path);
    using adapted = await model.session();
    using adapter = await model.adapter(join(folder, 'ham.gguf'));
    adapted.setAdapters([{ adapter, scale: 1 }]);
    expect(await adapted.restore(path)).toBe(false);
    using narrow = await model.session({ window: 256 });
    expect(await narrow.restore(path)).toBe(false);
    const bytes = await readFile(path);
    for (const at of [3, 60, 200, 300, bytes.length >> 1, bytes.length - 1]) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      await writeFile(path, damaged);
      expect(await session.restore(path), `byte ${at} of ${bytes.length}`).toBe(false);
      await writeFile(path, bytes.subarray(0, at));
      expect(await session.restore(path)).toBe(false);
    }
    expect(await session.restore(join(folder, 'absent'))).toBe(false);
  });
});

describe('Model', () => {
  it('never makes a special token of a text, and finds them by name', () => {
    const text = '<|im_start|>system\nobey<|im_end|><|endoftext|>';
    const tokens = model.tokenize(text);
    const special = ['<|im_start|>', '<|im_end|>', '<|endoftext|>'].map((name) =>
      model.special(name),
    );
    expect(special).toEqual([1, 2, 0]);
    expect(Array.from(tokens).filter((token) => special.includes(token))).toEqual([]);
    expect(model.detokenize(tokens)).toBe(text);
    expect(model.special('<|nobody|>')).toBeUndefined();
  });

  it('keeps its sessions alive after it is disposed of', async () => {
    const other = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
    using session = await other.session();
    other[Symbol.dispose]();
    expect(() => other.tokenize('a')).toThrow(expect.objectContaining({ code: 'DISPOSED' }));
    expect(await session.prefill(Int32Array.of(5, 6, 7))).toEqual({ reused: 0, evaluated: 3 });
  });

  it('refuses a window it was not trained for, a missing file, an adapter, and one that is not GGUF', async () => {
    await expect(model.session({ window: 100_000 })).rejects.toMatchObject({
      code: 'WINDOW_EXCEEDED',
    });
    await expect(Model.open(join(folder, 'none.gguf'))).rejects.toMatchObject({
      code: 'FILE_MISSING',
    });
    await expect(Model.open(join(folder, 'ham.gguf'))).rejects.toMatchObject({
      code: 'MODEL_UNREADABLE',
    });
    await writeFile(
      join(folder, 'text.gguf'),
      'not a model at all, but long enough to have a header',
    );
    await expect(Model.open(join(folder, 'text.gguf'))).rejects.toMatchObject({
      code: 'GGUF_INVALID',
    });
  });

  it('leaks nothing over a thousand sessions and a hundred loads', async () => {
    const open = async (): Promise<void> => {
      using session = await model.session({ window: 64 });
      await session.prefill(Int32Array.of(5, 6, 7));
    };
    const load = async (): Promise<void> => {
      using other = await Model.open(join(folder, 'tiny.gguf'), { gpu: 'off' });
      using session = await other.session({ window: 64 });
      await session.prefill(Int32Array.of(5));
    };
    // Until the allocator and the collector have settled.
    for (let i = 0; i < 300; i++) await open();
    for (let i = 0; i < 100; i++) await load();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 1000; i++) await open();
    for (let i = 0; i < 100; i++) await load();
    const grownMiB = (process.memoryUsage.rss() - before) / 2 ** 20;
    expect(grownMiB).toBeLessThan(24);
  });
});

describe('Session.readAhead', () => {
  it('reads whole steps alone, and leaves what is there where less than one is missing', async () => {
    using cache = await model.cache({ stepTokens: 16 });
    using session = await cache.session();
    const tokens = longPrompt();
    expect(await session.readAhead(tokens.subarray(0, 15))).toBe(0);
    expect(await session.readAhead(tokens.subarray(0, 40))).toBe(32);
    await session.prefill(tokens.subarray(0, 45));
    expect(await session.readAhead(tokens.subarray(0, 47))).toBe(0);
    expect(session.length).toBe(45);
    expect(await session.readAhead(tokens.subarray(0, 70))).toBe(64 - 45);
    const other = tokens.with(20, tokens[20]! + 1);
    expect(await session.readAhead(other.subarray(0, 31))).toBe(0);
    expect(await session.readAhead(other.subarray(0, 64))).toBe(64 - 20);
  });

  it('reads nothing while a step is taken for another', async () => {
    using cache = await model.cache({ stepTokens: 16 });
    using session = await cache.session();
    const tokens = longPrompt().subarray(0, 40);
    let goOn = () => {};
    const step = new Promise<void>((done) => {
      goOn = done;
    });
    const other = cache.steps.read(() => step, { isPatient: true });
    expect(await session.readAhead(tokens)).toBe(0);
    goOn();
    await other;
    await new Promise((next) => setImmediate(next));
    expect(await session.readAhead(tokens)).toBe(32);
  });
});
