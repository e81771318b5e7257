import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { namesOf } from '../actor/adapter-source.ts';
import { encodeLora } from '../gguf/lora-gguf.ts';
import { templateVersion } from '../prompt/prompt.ts';
import { Registry } from '../registry/registry.ts';
import { provenanceKeys } from '../registry/screen.ts';
import type { VersionDetails } from '../registry/version.ts';
import { fileSha256 } from '../store/sha256.ts';
import { ReadingModel } from '../testing/models/reading-model.ts';
import {
  goodMetrics,
  tinyBase,
  tinyBytes,
  tinyDetails,
  tinyLora,
} from '../testing/models/tiny-adapter.ts';
import { type AdapterTarget, combined, openAdapterSource, openAdapters } from './open-adapters.ts';

const at = mkdtempSync(join(tmpdir(), 'dramatis-open-adapters-'));
const file = (name: string): string => join(at, name);
const registry = new Registry(join(at, 'home', 'adapters'));
const base = await tinyBase();
const sha256 = vi.fn(async () => base.sha256);

beforeAll(async () => {
  for (const seed of [1, 2]) writeFileSync(file(`${seed}.gguf`), await tinyBytes(seed));
});
beforeEach(() => {
  rmSync(join(at, 'home'), { recursive: true, force: true });
  sha256.mockClear();
});
afterAll(() => rmSync(at, { recursive: true }));

const target = (change: Partial<AdapterTarget> = {}): AdapterTarget => ({
  model: new ReadingModel(),
  base: sha256,
  form: 'script',
  play: 'salt-road',
  character: 'MIRA',
  ...change,
});
const open = (adapter: string | undefined, change: Partial<AdapterTarget> = {}, adapterScale = 1) =>
  openAdapters(registry, { adapter, adapterScale }, target(change));

async function added(seed: number, change: Partial<VersionDetails> = {}) {
  const details = tinyDetails(base, { metrics: goodMetrics, templateVersion, ...change });
  return registry.add(await tinyBytes(seed), details, base);
}

describe('openAdapters', () => {
  it('puts nothing on without being told to, and for "none"', async () => {
    for (const given of [undefined, 'none'])
      expect(await open(given)).toEqual({ adapters: [], description: null });
  });

  it('takes a file, and describes it by its name and content', async () => {
    const { adapters, description } = await open(file('1.gguf'), {}, 0.5);
    const hash = await fileSha256(file('1.gguf'));
    expect(description).toEqual({ file: '1.gguf', sha256: hash, scale: 0.5 });
    expect(namesOf(adapters)).toEqual([{ id: hash.slice(0, 12), scale: 0.5 }]);
    expect(sha256).not.toHaveBeenCalled();
  });

  it('takes several files with commas between them, in their order', async () => {
    const { adapters, description } = await open(`${file('1.gguf')},${file('2.gguf')}`);
    const hashes = [await fileSha256(file('1.gguf')), await fileSha256(file('2.gguf'))];
    expect(adapters.map(({ adapter }) => adapter.hash)).toEqual(hashes);
    expect(description).toEqual({ file: '1.gguf,2.gguf', sha256: combined(hashes), scale: 1 });
  });

  it('takes a version by the start of its id, with the one under it', async () => {
    const under = await added(1, { character: null, layer: 'play' });
    const own = await added(2, { on: under.id });
    const { adapters, description } = await open(own.id.slice(0, 6));
    expect(namesOf(adapters).map(({ id }) => id)).toEqual([under.id, own.id]);
    expect(description).toEqual({
      file: own.id,
      id: own.id,
      sha256: own.sha256,
      scale: 1,
      on: { id: under.id, sha256: under.sha256 },
    });
  });

  it('takes what is promoted, for one character or for everybody', async () => {
    const own = await added(1);
    const shared = await added(2, { character: null, layer: 'play' });
    for (const { id } of [own, shared]) await registry.promote(id, { by: '', force: 'test' });
    expect((await open('promoted')).description).toMatchObject({ id: own.id });
    const all = await open('promoted', { character: null });
    expect(all.description).toMatchObject({ id: shared.id });
    await expect(open('promoted', { form: 'chat' })).rejects.toMatchObject({
      code: 'ADAPTER_UNKNOWN',
      message: 'nothing is promoted for MIRA of salt-road on this model in the form chat',
    });
  });

  it('lets one speak in the voice of another', async () => {
    const { id } = await added(1, { character: 'TOLD' });
    expect((await open(id)).adapters).toHaveLength(1);
  });

  it('refuses a version of another base, form or prompt, with what to do', async () => {
    const own = await added(1);
    const old = await added(2, { templateVersion: 99 });
    const another = { base: async () => 'c'.repeat(64) };
    await expect(open(own.id, another)).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringContaining('it was trained on tiny'),
      remedy: expect.stringContaining('base model'),
    });
    await expect(open(own.id, { form: 'chat' })).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      remedy: 'Give --form script, or another --adapter.',
    });
    await expect(open(old.id)).rejects.toThrow('version 99 of the prompt');
  });

  it('says so where a version was trained on the words of somebody else', async () => {
    const own = await added(1);
    expect((await open(own.id)).remark).toBeUndefined();
    expect((await open(own.id, { character: 'OLD HUGO' })).remark).toBe(
      `${own.id} was trained on the words of Mira of salt-road: Old Hugo speaks with that voice.`,
    );
    const everybody = await added(2, { character: null, layer: 'play' });
    expect((await open(everybody.id)).remark).toBeUndefined();
    expect((await open(everybody.id, { play: 'lantern' })).remark).toMatch(
      'everybody of salt-road',
    );
  });

  it('takes a version of an earlier prompt whose training rows are the same, and says so', async () => {
    const earlier = await added(1, { templateVersion: 4 });
    const page = { templateVersion: 8 };
    expect((await open(earlier.id, page)).remark).toMatch(
      `${earlier.id} is used with a warning: it was trained with version 4 of the prompt`,
    );
    const now = await added(2, { templateVersion });
    expect((await open(now.id)).remark).toBeUndefined();
    const source = await openAdapterSource(
      registry,
      { adapter: earlier.id, adapterScale: 1 },
      target(page),
    );
    expect((await source.current()).remark).toMatch('used with a warning');
  });

  it('refuses a file that says that it was trained otherwise', async () => {
    const provenance = {
      [provenanceKeys.base]: base.sha256,
      [provenanceKeys.form]: 'chat',
      [provenanceKeys.templateVersion]: templateVersion,
    };
    writeFileSync(file('told.gguf'), await encodeLora(tinyLora(3, { provenance })));
    await expect(open(file('told.gguf'))).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      remedy: 'Give --form chat, or another --adapter.',
    });
    expect((await open(file('told.gguf'), { form: 'chat' })).adapters).toHaveLength(1);
    const another = { form: 'chat', base: async () => 'c'.repeat(64) } as const;
    await expect(open(file('told.gguf'), another)).rejects.toThrow('it was trained on another');
  });

  it('names an id that nothing has', async () => {
    await expect(open('3f9a')).rejects.toMatchObject({ code: 'ADAPTER_UNKNOWN' });
  });
});

describe('openAdapterSource', () => {
  const idsOf = async (adapter?: string) => {
    const source = await openAdapterSource(registry, { adapter, adapterScale: 1 }, target());
    return async () => namesOf((await source.current()).adapters).map(({ id }) => id);
  };

  it('follows what is promoted unless told otherwise', async () => {
    const now = [await idsOf(), await idsOf('promoted'), await idsOf('none')];
    const looks = () => Promise.all(now.map((look) => look()));
    expect(await looks()).toEqual([[], [], []]);
    const { id } = await added(1);
    await registry.promote(id, { by: '', force: 'test' });
    expect(await looks()).toEqual([[id], [id], []]);
  });

  it('stays with a version that is named', async () => {
    const [first, second] = [await added(1), await added(2)];
    const now = await idsOf(first.id);
    await registry.promote(second.id, { by: '', force: 'test' });
    expect(await now()).toEqual([first.id]);
  });
});
