import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeLora } from '../gguf/lora-gguf.ts';
import {
  figure,
  goodMetrics,
  tinyBase,
  tinyBytes,
  tinyDetails,
  tinyLora,
} from '../testing/models/tiny-adapter.ts';
import { diffVersions } from './diff-versions.ts';
import { Registry } from './registry.ts';
import type { Base } from './screen.ts';
import { type AdapterVersion, slotOf, type VersionDetails } from './version.ts';

let base: Base;
let folder = '';
let registry: Registry;
beforeAll(async () => {
  base = await tinyBase();
});
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'dramatis-registry-')), 'adapters');
  registry = new Registry(folder);
});

/** Registers the adapter of a seed. */
async function added(seed: number, change: Partial<VersionDetails> = {}): Promise<AdapterVersion> {
  return registry.add(await tinyBytes(seed), tinyDetails(base, change), base);
}
const good = (seed: number, change: Partial<VersionDetails> = {}) =>
  added(seed, { metrics: goodMetrics, ...change });
const by = 'a test';
const forced = { by, force: 'a rehearsal' };

describe('Registry', () => {
  it('keeps a version for good: what it was told, and what the file tells', async () => {
    const version = await added(1, { note: 'first' });
    expect(version).toMatchObject({ ...tinyDetails(base), note: 'first', rank: 1, alpha: 1 });
    expect(version.id).toBe(version.sha256.slice(0, 12));
    expect(version.norms).toEqual({ attn_q: expect.closeTo(4, 0), ffn_up: expect.closeTo(4, 0) });
    expect(await new Registry(folder).get(version.id)).toEqual(version);
    const { path } = await registry.open(version.id);
    expect(readFileSync(path).equals(await tinyBytes(1))).toBe(true);
  });

  it('gives the same version for the same bytes, whatever else is said of them', async () => {
    const first = await added(1);
    expect(await added(1, { note: 'again' })).toEqual(first);
    expect((await registry.list()).versions).toEqual([first]);
  });

  it('takes a file by its path, and says so where there is none', async () => {
    const path = join(folder, '..', 'ham.gguf');
    writeFileSync(path, await tinyBytes(3));
    const version = await registry.add(path, tinyDetails(base), base);
    expect(version.id).toBe((await added(3)).id);
    const nowhere = registry.add(`${path}x`, tinyDetails(base), base);
    await expect(nowhere).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('is empty before the first one', async () => {
    expect(await registry.list()).toEqual({ versions: [], damage: [] });
    expect(await registry.promoted(slotOf(tinyDetails(base)))).toBeUndefined();
    expect(await registry.verify()).toEqual({ checked: 0, damage: [], faults: [] });
    await expect(registry.get('abc')).rejects.toThrow(/no adapter version is called "abc", of 0/);
  });

  it('finds a version by as much of its id as tells it from others', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, seed) => added(seed)));
    const [first] = all;
    expect(await registry.get(first!.sha256)).toEqual(first);
    expect((await registry.get(first!.id.slice(0, 8).toUpperCase())).id).toBe(first!.id);
    const digit = all.map(({ id }) => id[0]).find((one, i, list) => list.indexOf(one) !== i)!;
    await expect(registry.get(digit)).rejects.toThrow(/fits [0-9]+ versions: /);
    const wrong = `${first!.id}${first!.sha256[12] === '0' ? '1' : '0'}`;
    for (const name of ['', '../history', 'zz', wrong, 'history.jsonl']) {
      await expect(registry.get(name), name).rejects.toMatchObject({ code: 'ADAPTER_UNKNOWN' });
    }
  });

  it('lists by play, character, base, form and layer, the newest first', async () => {
    const mira = await added(1);
    await new Promise((resolve) => setTimeout(resolve, 3));
    const odo = await added(2, { character: 'ODO', form: 'chat' });
    const ids = async (filter: Parameters<Registry['list']>[0]) =>
      (await registry.list(filter)).versions.map(({ id }) => id);
    expect(await ids({})).toEqual([odo.id, mira.id]);
    expect(await ids({ character: 'ODO' })).toEqual([odo.id]);
    expect(await ids({ form: 'script', play: 'salt-road' })).toEqual([mira.id]);
    expect(await ids({ base: 'another' })).toEqual([]);
    expect(await ids({ layer: 'play' })).toEqual([]);
  });

  it('refuses a file that is not for its base, naming all that is wrong, and keeps nothing of it', async () => {
    const wide = tinyLora(1, { provenance: { form: 'chat', 'base.sha256': 'c'.repeat(64) } });
    const matrices = [{ ...wide.matrices[0]!, in: 5, a: new Float32Array(5) }];
    const bytes = await encodeLora({ ...wide, matrices });
    const refusal = registry.add(bytes, tinyDetails(base), base);
    await expect(refusal).rejects.toMatchObject({
      code: 'ADAPTER_MISMATCH',
      message: expect.stringMatching(
        /base.*ccc.*; the form .* chat, not script; "blk.0.attn_q.weight" is 4 × 4/,
      ),
    });
    expect((await registry.list()).versions).toEqual([]);
  });
});

describe('A promotion', () => {
  it('puts a version in use that the gate lets pass, for its slot alone', async () => {
    const version = await good(1);
    const { replaced, gate } = await registry.promote(version.id, { by });
    expect(replaced).toBeUndefined();
    expect(gate.passes).toBe(true);
    expect(await new Registry(folder).promoted(slotOf(version))).toEqual(version);
    expect(await registry.promoted({ ...slotOf(version), form: 'chat' })).toBeUndefined();
    expect((await registry.history()).events).toMatchObject([{ kind: 'promote', number: 1, by }]);
  });

  it('is refused with the checks that failed, and changes nothing', async () => {
    const version = await good(1, { metrics: { ...goodMetrics, 'bits gain': figure(0.005) } });
    await expect(registry.promote(version.id, { by })).rejects.toMatchObject({
      code: 'GATE_REFUSED',
      message: expect.stringMatching(/does not pass: bits: bits gain 0.005 \[-0.005, 0.015\]/),
    });
    expect((await registry.history()).events).toEqual([]);
  });

  it('says what is not measured, and how to measure it, rather than that the version is bad', async () => {
    const { recited: _, ...rest } = goodMetrics;
    const version = await good(1, { metrics: rest });
    const refusal = await registry.promote(version.id, { by }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'GATE_REFUSED',
      message: `${version.id} is not fully measured yet: recite is missing`,
      remedy: expect.stringMatching(
        /promote \w{12} --measure".*"dramatis eval recite --split train /,
      ),
    });
    const { 'bits gain': _gain, ...worse } = rest;
    const bad = await good(2, { metrics: { ...worse, 'keep change': figure(0.5) } });
    await expect(registry.promote(bad.id, { by })).rejects.toMatchObject({
      message: expect.stringMatching(/does not pass: keep: .*; not measured yet: bits, recite$/),
      remedy: expect.stringContaining('--force'),
    });
  });

  it('can be forced with a reason, which is kept', async () => {
    const version = await added(1);
    await expect(registry.promote(version.id, { by, force: ' ' })).rejects.toThrow(RangeError);
    await registry.promote(version.id, forced);
    const { events } = await registry.history();
    expect(events).toMatchObject([{ kind: 'force', reason: 'a rehearsal', id: version.id }]);
    expect(await registry.promoted(slotOf(version))).toEqual(version);
  });

  it('of what is promoted already is no event', async () => {
    const version = await good(1);
    await registry.promote(version.id, { by });
    expect((await registry.promote(version.id, { by })).replaced).toBe(version.id);
    expect((await registry.history()).events).toHaveLength(1);
  });

  it('counts figures that were measured after the version was registered', async () => {
    const version = await added(1);
    await registry.measure(version.id, goodMetrics, by);
    expect(await registry.metrics(version)).toEqual(goodMetrics);
    expect((await registry.promote(version.id, { by })).gate.passes).toBe(true);
    expect(await registry.get(version.id)).toEqual(version);
  });

  it('compares the voice with the version that was promoted before', async () => {
    await registry.promote((await good(1)).id, { by });
    const worse = await good(2, { metrics: { ...goodMetrics, 'voice AUC': figure(0.7) } });
    await expect(registry.promote(worse.id, { by })).rejects.toThrow(
      /voice AUC 0.7 .* before it was 0.8/,
    );
  });
});

describe('A rollback', () => {
  it('goes back step by step, to the base model at last', async () => {
    const [a, b, c] = [await good(1), await good(2), await good(3)];
    for (const { id } of [a, b, c]) await registry.promote(id, { by });
    const slot = slotOf(a);
    const back = () => registry.rollback(slot, { by, reason: 'a test' });
    expect(await back()).toEqual({ from: c.id, to: b });
    expect(await registry.promoted(slot)).toEqual(b);
    expect(await back()).toEqual({ from: b.id, to: a });
    expect(await back()).toEqual({ from: a.id, to: undefined });
    expect(await registry.promoted(slot)).toBeUndefined();
    await expect(back()).rejects.toThrow(/no version is promoted for MIRA of salt-road/);
  });

  it('goes back to nothing that is damaged', async () => {
    const [a, b] = [await good(1), await good(2)];
    for (const { id } of [a, b]) await registry.promote(id, { by });
    writeFileSync(join(folder, a.id, 'adapter.gguf'), 'scribble');
    const back = registry.rollback(slotOf(a), { by, reason: 'a test' });
    await expect(back).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
    expect(await registry.promoted(slotOf(a))).toEqual(b);
  });
});

describe('A pair of adapters', () => {
  const playWide = { layer: 'play', character: null } as const;

  it('is opened together', async () => {
    const under = await added(1, playWide);
    const over = await added(2, { on: under.id });
    expect((await registry.open(over.id)).on?.version).toEqual(under);
  });

  it('may be a reinforced one on any other of the same model, and on one that is on another', async () => {
    const under = await added(1, playWide);
    const own = await added(2, { on: under.id });
    const kind = { kind: 'reinforced', plays: ['gatehouse', 'causeway'] } as const;
    const reinforced = await added(3, { ...kind, on: own.id, parent: own.id });
    const opened = await registry.open(reinforced.id);
    expect(opened.version).toMatchObject(kind);
    expect(opened.on?.on?.version).toEqual(under);
  });

  it('is refused where the one under it is missing, no play adapter or of another play', async () => {
    await expect(added(2, { on: '0123456789ab' })).rejects.toMatchObject({
      code: 'ADAPTER_UNKNOWN',
    });
    const other = await added(3);
    await expect(added(2, { on: other.id })).rejects.toThrow(/is a character adapter/);
    const elsewhere = await added(4, { ...playWide, play: 'the-mill' });
    await expect(added(2, { on: elsewhere.id })).rejects.toThrow(/play adapter of the-mill/);
  });

  it('is not handed out when the one under it is damaged', async () => {
    const under = await added(1, playWide);
    const over = await added(2, { on: under.id });
    writeFileSync(join(folder, under.id, 'adapter.gguf'), 'scribble');
    await expect(registry.open(over.id)).rejects.toThrow(new RegExp(`${under.id}.adapter.gguf`));
  });
});

describe('Pruning', () => {
  it('keeps the newest, the promoted, what a rollback goes back to, and what lies under them', async () => {
    const under = await added(100, { layer: 'play', character: null });
    const old: AdapterVersion[] = [];
    for (let seed = 0; seed < 6; seed++) {
      old.push(await added(seed, seed === 1 ? { on: under.id } : {}));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await registry.promote(old[0]!.id, forced);
    await registry.promote(old[1]!.id, forced);
    await registry.promote(old[2]!.id, forced);
    const gone = await registry.prune({ keep: 1, by });
    const kept = [old[1]!, old[2]!, old[5]!, under].map(({ id }) => id);
    expect((await registry.list()).versions.map(({ id }) => id).sort()).toEqual(kept.sort());
    expect(gone.map(({ id }) => id).sort()).toEqual(
      [old[0]!, old[3]!, old[4]!].map(({ id }) => id).sort(),
    );
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
    // The first was promoted too, but two rollbacks away: what is gone is not gone back to.
    const slot = slotOf(old[0]!);
    await registry.rollback(slot, { by, reason: 'a test' });
    expect((await registry.rollback(slot, { by, reason: 'a test' })).to).toBeUndefined();
  });

  it('of nothing is no event, and of a part is a mistake', async () => {
    await added(1);
    expect(await registry.prune({ keep: 1, by })).toEqual([]);
    expect((await registry.history()).events).toEqual([]);
    await expect(registry.prune({ keep: 0.5, by })).rejects.toThrow(RangeError);
  });
});

describe('Damage', () => {
  it('of one byte anywhere in any file is found and the file named', async () => {
    const version = await good(1);
    await registry.promote(version.id, { by });
    await registry.promote((await good(2)).id, { by });
    const files = [
      join(folder, version.id, 'adapter.gguf'),
      join(folder, version.id, 'version.json'),
      join(folder, 'history.jsonl'),
    ];
    for (const path of files) {
      const whole = readFileSync(path);
      for (let at = 0; at < whole.length; at += path.endsWith('gguf') ? 7 : 3) {
        const flipped = Buffer.from(whole);
        flipped[at]! ^= 1 << (at % 8);
        writeFileSync(path, flipped);
        const { damage, faults } = await registry.verify();
        const named = damage.map((one) => one.path);
        if (faults.length > 0) named.push(join(folder, 'history.jsonl'));
        expect(named, `byte ${at}`).toContain(path);
      }
      writeFileSync(path, whole);
    }
    expect(await registry.verify()).toEqual({ checked: 2, damage: [], faults: [] });
  });

  it('of a version keeps it from being handed out; the same file mends it', async () => {
    const version = await added(1);
    for (const file of ['adapter.gguf', 'version.json']) {
      writeFileSync(join(folder, version.id, file), 'scribble');
      await expect(registry.open(version.id), file).rejects.toMatchObject({
        code: 'STORE_DAMAGED',
        message: expect.stringContaining(join(version.id, file)),
      });
      await added(1);
      expect((await registry.open(version.id)).version).toMatchObject({ id: version.id });
    }
    rmSync(join(folder, version.id, 'version.json'));
    expect((await registry.verify()).damage).toMatchObject([{ fault: 'it is missing' }]);
    await added(1);
    expect((await registry.verify()).damage).toEqual([]);
  });

  it('of a record is named in the list, which goes on', async () => {
    const [a, b] = [await added(1), await added(2)];
    writeFileSync(join(folder, a.id, 'version.json'), '{}');
    const { versions, damage } = await registry.list();
    expect(versions).toEqual([b]);
    expect(damage).toMatchObject([{ path: expect.stringContaining(join(a.id, 'version.json')) }]);
    // What it builds on is not known: nothing may be deleted.
    await expect(registry.prune({ keep: 0, by })).rejects.toMatchObject({ code: 'STORE_DAMAGED' });
  });

  it('of the history never brings a version back that was rolled back', async () => {
    const version = await good(1);
    await registry.promote(version.id, { by });
    await registry.rollback(slotOf(version), { by, reason: 'it forgets' });
    const path = join(folder, 'history.jsonl');
    const bytes = readFileSync(path);
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(path, bytes);
    const refusal = { code: 'STORE_DAMAGED', message: expect.stringMatching(/entry 2 is damaged/) };
    await expect(registry.promoted(slotOf(version))).rejects.toMatchObject(refusal);
    await expect(registry.prune({ keep: 0, by })).rejects.toMatchObject(refusal);
    // To promote again is to be certain again.
    await registry.promote(version.id, { by });
    expect(await registry.promoted(slotOf(version))).toEqual(version);
  });
});

describe('diffVersions', () => {
  it('names every field in which two differ', async () => {
    const [a, b] = [await added(1), await added(2, { recipe: { rank: 1, epochs: 3, lr: 0.1 } })];
    const differences = new Map(diffVersions(a, b).map((one) => [one.field, [one.a, one.b]]));
    expect(differences.get('recipe.epochs')).toEqual([2, 3]);
    expect(differences.get('recipe.lr')).toEqual([undefined, 0.1]);
    expect([...differences.keys()]).toContain('sha256');
    expect(differences.has('recipe.rank')).toBe(false);
    expect(diffVersions(a, a)).toEqual([]);
  });
});
