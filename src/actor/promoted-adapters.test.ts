import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { templateVersion } from '../prompt/prompt.ts';
import { Registry } from '../registry/registry.ts';
import { slotOf, type VersionDetails } from '../registry/version.ts';
import { ReadingModel } from '../testing/models/reading-model.ts';
import { goodMetrics, tinyBase, tinyBytes, tinyDetails } from '../testing/models/tiny-adapter.ts';
import { namesOf } from './adapter-source.ts';
import { PromotedAdapters } from './promoted-adapters.ts';

const by = 'a test';
const base = await tinyBase();
let folder: string;
let registry: Registry;
let model: ReadingModel;
const sha256 = vi.fn(async () => base.sha256);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dramatis-promoted-'));
  registry = new Registry(join(folder, 'adapters'));
  model = new ReadingModel();
  sha256.mockClear();
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = (scale = 1, templateVersion?: number): PromotedAdapters =>
  new PromotedAdapters({
    templateVersion,
    registry,
    model,
    base: sha256,
    scale,
    slot: { play: 'salt-road', character: 'MIRA', form: 'script' },
  });

/** A version that the gate lets pass; another seed is another one. */
async function added(seed: number, change: Partial<VersionDetails> = {}) {
  const details = tinyDetails(base, { metrics: goodMetrics, templateVersion, ...change });
  return registry.add(await tinyBytes(seed), details, base);
}

async function promoted(seed: number, change: Partial<VersionDetails> = {}) {
  const version = await added(seed, change);
  await registry.promote(version.id, { by, force: 'for a test' });
  return version;
}

const ids = async (from: PromotedAdapters): Promise<string[]> =>
  namesOf((await from.current()).adapters).map(({ id }) => id);

describe('PromotedAdapters', () => {
  it('is empty without a registry, and does not hash the model for that', async () => {
    expect(await ids(source())).toEqual([]);
    await promoted(1, { character: 'TOLD' });
    expect(await ids(source())).toEqual([]);
    expect(sha256).not.toHaveBeenCalled();
  });

  it('has what is promoted at the time: nothing, one version, another, the one before', async () => {
    const mira = source();
    expect(await ids(mira)).toEqual([]);
    const first = await promoted(1);
    expect(await ids(mira)).toEqual([first.id]);
    const second = await promoted(2);
    expect(await ids(mira)).toEqual([second.id]);
    await registry.rollback(slotOf(first), { by, reason: '' });
    expect(await ids(mira)).toEqual([first.id]);
    await registry.rollback(slotOf(first), { by, reason: '' });
    expect(await ids(mira)).toEqual([]);
  });

  it('loads nothing again while nothing changes, and gives the same object', async () => {
    await promoted(1);
    const mira = source();
    const before = await mira.current();
    const reading = vi.spyOn(registry, 'promotions');
    expect(await mira.current()).toBe(before);
    expect(reading).not.toHaveBeenCalled();
    await promoted(3, { character: 'TOLD' });
    expect(await mira.current()).toBe(before);
    expect(model.read).toHaveLength(1);
  });

  it('gives back what is out of use', async () => {
    const mira = source();
    await promoted(1);
    await mira.current();
    await promoted(2);
    await mira.current();
    expect(model.disposed).toEqual([model.read[0]]);
  });

  it('has the play adapter under a version on one, alike in strength', async () => {
    const under = await added(1, { character: null, layer: 'play' });
    const own = await promoted(2, { on: under.id });
    const { adapters } = await source(0.5).current();
    expect(namesOf(adapters)).toEqual([
      { id: under.id, scale: 0.5 },
      { id: own.id, scale: 0.5 },
    ]);
  });

  it("has the play's own version where the character has none, and the character's where it has", async () => {
    const mira = source();
    const whole = await promoted(1, { character: null, layer: 'play' });
    expect(await ids(mira)).toEqual([whole.id]);
    const own = await promoted(2, { on: whole.id });
    expect(await ids(mira)).toEqual([whole.id, own.id]);
    await registry.rollback(slotOf(own), { by, reason: '' });
    expect(await ids(mira)).toEqual([whole.id]);
    await registry.rollback(slotOf(whole), { by, reason: '' });
    expect(await ids(mira)).toEqual([]);
  });

  it('leaves other bases and forms to others', async () => {
    await promoted(1, { form: 'chat' });
    expect(await ids(source())).toEqual([]);
    sha256.mockResolvedValueOnce('c'.repeat(64));
    await promoted(2);
    expect(await ids(source())).toEqual([]);
  });

  it('uses a promoted version of an earlier prompt whose training rows are the same, and says so', async () => {
    const { id } = await promoted(1, { templateVersion: 4 });
    const selection = await source(1, 8).current();
    expect(selection.adapters).toHaveLength(1);
    expect(selection.remark).toMatch(`${id} is promoted for MIRA of salt-road and is used with a`);
  });

  it('says aloud that a promoted version of another prompt is not used', async () => {
    const { id } = await promoted(1, { templateVersion: 99 });
    const selection = await source().current();
    expect(selection.adapters).toEqual([]);
    expect(selection.remark).toMatch(`${id} is promoted for MIRA of salt-road and is not used`);
  });

  it('refuses a damaged file with the rollback that helps, until it is rolled back', async () => {
    const first = await promoted(1);
    const mira = source();
    await mira.current();
    const second = await promoted(2);
    const path = join(registry.folder, second.id, 'adapter.gguf');
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(path, bytes);
    for (let look = 0; look < 2; look++) {
      const error = await mira.current().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STORE_DAMAGED' });
      expect(error).toHaveProperty('remedy', expect.stringContaining(`rollback ${second.id}`));
    }
    await registry.rollback(slotOf(first), { by, reason: 'damaged' });
    expect(await ids(mira)).toEqual([first.id]);
  });

  it('refuses a version whose record is damaged or gone likewise', async () => {
    const { id } = await promoted(1);
    writeFileSync(join(registry.folder, id, 'version.json'), '{}');
    await expect(source().current()).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    rmSync(join(registry.folder, id), { recursive: true });
    await expect(source().current()).rejects.toMatchObject({
      code: 'ADAPTER_UNKNOWN',
      remedy: expect.stringContaining(`rollback ${id}`),
    });
  });

  it('does not guess where a lost line of the history may have changed the answer', async () => {
    const { id } = await promoted(1);
    appendFileSync(join(registry.folder, 'history.jsonl'), 'a damaged line\n');
    await expect(source().current()).rejects.toMatchObject({
      code: 'STORE_DAMAGED',
      remedy: expect.stringContaining('promote ID'),
    });
    await registry.promote(id, { by, force: 'for a test' });
    expect(await ids(source())).toEqual([id]);
  });
});
