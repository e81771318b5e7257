import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from '../store/disk.ts';
import { emitFolders, startChild } from '../testing/children.ts';
import { dyingDisk, faultyDisk } from '../testing/disks.ts';
import { tinyBase, tinyBytes, tinyDetails } from '../testing/models/tiny-adapter.ts';
import { Registry } from './registry.ts';
import type { Base } from './screen.ts';
import { slotOf } from './version.ts';

let code = '';
let base: Base;
let folder = '';
beforeAll(async () => {
  code = emitFolders('store', 'gguf', 'registry', 'testing/models');
  base = await tinyBase();
});
afterAll(() => rmSync(code, { recursive: true }));
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'dramatis-durable-')), 'adapters');
});

/** The start of a child's script: a registry in `folder`, and `added(seed)`. */
const childStart = (folder: string): string => `
  import { writeSync } from 'node:fs';
  import { Registry } from './registry/registry.js';
  import { tinyBase, tinyBytes, tinyDetails } from './testing/models/tiny-adapter.js';
  const registry = new Registry(${JSON.stringify(folder)});
  const base = await tinyBase();
  const added = async (seed) => registry.add(await tinyBytes(seed), tinyDetails(base), base);
  // Synchronous, so that what was said was heard: a pipe's buffer outlives its writer.
  const acknowledge = (line) => writeSync(1, line + '\\n');
  const by = 'a child';
`;

const forced = { by: 'a test', force: 'a test' };
const added = async (seed: number, disk?: Disk) =>
  new Registry(folder, disk && { disk }).add(await tinyBytes(seed), tinyDetails(base), base);
const temporaries = () => readdirSync(folder).filter((name) => name.endsWith('.tmp'));

describe('A registry', () => {
  it('loses nothing acknowledged to kill -9 at random instants of 1,000 writes', async () => {
    // Of its own: a test that ran out of time goes on beside the next one.
    const own = folder;
    const slot = JSON.stringify(slotOf(tinyDetails(base)));
    const script = (first: number) => `${childStart(own)}
      for (let seed = ${first}; ; seed++) {
        const { id } = await added(seed);
        acknowledge('added ' + id);
        await registry.promote(id, { by, force: 'a test' });
        acknowledge('promoted ' + id);
        if (seed % 3 === 0) {
          const { from } = await registry.rollback(${slot}, { by, reason: 'a test' });
          acknowledge('back ' + from);
        }
        if (seed % 10 === 0) {
          await registry.prune({ keep: 5, by });
          acknowledge('pruned ' + id);
        }
      }`;
    const acknowledged: string[] = [];
    for (let first = 1; acknowledged.length < 1_000; first += 10_001) {
      const child = startChild(code, script(first));
      await Promise.race([once(child.process.stdout!, 'data'), child.ended]);
      await sleep(900 * Math.random());
      child.process.kill('SIGKILL');
      const { stdout, stderr } = await child.ended;
      expect(stderr).toBe('');
      acknowledged.push(...stdout.split('\n').slice(0, -1));
      const started = performance.now();
      const { damage, faults } = await new Registry(own).verify();
      await new Registry(own).promoted(slotOf(tinyDetails(base)));
      // Recovery in a second, with room for a busy machine.
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(damage).toEqual([]);
      expect(faults.filter(({ kind }) => kind !== 'torn')).toEqual([]);
    }

    const registry = new Registry(own);
    const { events } = await registry.history();
    const pruned = events.flatMap((event) => (event.kind === 'prune' ? event.ids : []));
    const there = (await registry.list()).versions.map(({ id }) => id);
    const happened = new Set([...there, ...pruned].map((id) => `added ${id}`));
    for (const event of events) {
      if (event.kind === 'force') happened.add(`promoted ${event.id}`);
      if (event.kind === 'rollback') happened.add(`back ${event.from}`);
    }
    const lost = acknowledged.filter((line) => !line.startsWith('pruned') && !happened.has(line));
    expect(lost).toEqual([]);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    // The next one to write sweeps what the killed left.
    await added(1);
    expect(temporaries()).toEqual([]);
  }, 180_000);

  it('serves eight processes at once', async () => {
    const each = 12;
    const children = Array.from({ length: 8 }, (_, child) =>
      startChild(
        code,
        `${childStart(folder)}
         for (let seed = 0; seed < ${each}; seed++) {
           const own = await added(${child} * 1000 + seed);
           await added(seed); // the same for all
           await registry.promote(own.id, { by, force: 'a test' });
         }`,
      ),
    );
    for (const { ended } of children) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    const registry = new Registry(folder);
    // Those of the first child are the ones that all share.
    expect((await registry.list()).versions).toHaveLength(8 * each);
    const { events, faults } = await registry.history();
    expect(faults).toEqual([]);
    expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
    expect(new Set(events.map((event) => ('id' in event ? event.id : ''))).size).toBe(8 * each);
    expect((await registry.verify()).damage).toEqual([]);
    expect(readdirSync(folder).filter((name) => /lock|tmp/.test(name))).toEqual([]);
  }, 180_000);

  it('says what is wrong when any call of the disk fails, and is as it was before or after', async () => {
    const [old, next] = [await added(1), await added(2)];
    const slot = slotOf(old);
    const tasks: ((registry: Registry) => Promise<unknown>)[] = [
      async (registry) => registry.add(await tinyBytes(3), tinyDetails(base), base),
      (registry) => registry.promote(next.id, forced),
      (registry) => registry.rollback(slot, { by: 'a test', reason: 'a test' }),
      (registry) => registry.prune({ keep: 0, by: 'a test' }),
    ];
    for (const errno of ['ENOSPC', 'EIO']) {
      for (const task of tasks) {
        for (let failAt = 0; ; failAt++) {
          rmSync(folder, { recursive: true, force: true });
          for (const seed of [1, 2, 4]) await added(seed);
          await new Registry(folder).promote(old.id, forced);
          const disk = faultyDisk(failAt, errno);
          const failure = await task(new Registry(folder, { disk })).catch((error) => error);
          if (disk.calls.length <= failAt) break; // every call has had its turn
          expect(failure, `${errno} at ${disk.calls.at(-1)}`).toMatchObject({
            code: 'STORE_UNWRITABLE',
            message: expect.stringMatching(new RegExp(`^cannot write [^\n]*\\(${errno}\\)$`)),
          });
          const registry = new Registry(folder);
          expect(await registry.verify()).toMatchObject({ damage: [], faults: [] });
          expect([old.id, next.id, undefined]).toContain((await registry.promoted(slot))?.id);
          expect(temporaries()).toEqual([]);
        }
      }
    }
  }, 180_000);

  it('has every version and every event whole when power is cut at any write', async () => {
    const old = await added(1);
    const slot = slotOf(old);
    for (let cutAt = 0; ; cutAt++) {
      rmSync(folder, { recursive: true, force: true });
      await added(1);
      await new Registry(folder).promote(old.id, forced);
      const disk = dyingDisk(cutAt);
      const said: string[] = [];
      const writer = new Registry(folder, { disk });
      try {
        const { id } = await added(2, disk);
        said.push(id);
        await writer.promote(id, forced);
        said.push('promoted');
        await writer.rollback(slot, { by: 'a test', reason: 'a test' });
        said.push('back');
        await writer.prune({ keep: 1, by: 'a test' });
      } catch {
        // Power is gone: only what was said counts.
      }
      const registry = new Registry(folder);
      expect((await registry.verify()).damage, `cut at ${cutAt}`).toEqual([]);
      const { events } = await registry.history();
      expect(events.length).toBeGreaterThanOrEqual(Math.max(1, said.length));
      if (said.length > 0 && said.length < 3) await registry.open(said[0]!);
      const inUse = (await registry.promoted(slot))?.id;
      if (said.length === 0 || said.length === 3) expect(inUse).toBe(old.id);
      else if (said.length === 1) expect([old.id, said[0]]).toContain(inUse);
      if (!disk.isCut()) break;
    }
  }, 180_000);
});
