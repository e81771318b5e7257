import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { emitFolders, startChild } from '../testing/children.ts';
import { isLocked, withLock } from './lock.ts';
import { sweepTemporaries } from './temporary.ts';

let path = '';
beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'dramatis-lock-')), 'thing');
});

const heldBy = (host: string, pid: number): void =>
  writeFileSync(`${path}.lock`, JSON.stringify({ host, pid, token: 'theirs' }));

describe('withLock', () => {
  it('runs tasks one at a time and returns what they return', async () => {
    let inside = 0;
    const results = await Promise.all(
      [1, 2, 3, 4, 5].map((n) =>
        withLock(path, async () => {
          expect(++inside).toBe(1);
          await sleep(2);
          inside--;
          return n;
        }),
      ),
    );
    expect(results).toEqual([1, 2, 3, 4, 5]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('is released when the task throws', async () => {
    const failing = withLock(path, () => Promise.reject(new Error('the task broke')));
    await expect(failing).rejects.toThrow('the task broke');
    expect(await withLock(path, async () => 'free')).toBe('free');
  });

  it('says who holds it when the wait is over', async () => {
    heldBy(hostname(), process.pid);
    const waiting = withLock(path, async () => 'never', { timeoutMs: 50 });
    await expect(waiting).rejects.toMatchObject({
      code: 'LOCKED',
      message: `${path}.lock is held by process ${process.pid} on ${hostname()}`,
    });
  });

  it('of a dead process is taken over at once, by one of those who wait', async () => {
    heldBy(hostname(), 4_194_305); // beyond the largest process id of Linux
    let inside = 0;
    const contenders = Array.from({ length: 8 }, () =>
      withLock(path, async () => {
        expect(++inside).toBe(1);
        await sleep(1);
        inside--;
      }),
    );
    const start = performance.now();
    await Promise.all(contenders);
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('of a process killed at any instant is free at once', async () => {
    const code = emitFolders('store');
    const script = `
      import { withLock } from './store/lock.js';
      process.stdout.write('.');
      for (;;) await withLock(${JSON.stringify(path)}, async () => {});`;
    for (let kill = 0; kill < 30; kill++) {
      const child = startChild(code, script);
      await new Promise((resolve) => child.process.stdout?.once('data', resolve));
      await sleep(20 * Math.random());
      child.process.kill('SIGKILL');
      await child.ended;
      // Not after ten seconds without a heartbeat, as a lock that names nobody would be.
      expect(await withLock(path, async () => 'free', { timeoutMs: 3_000 })).toBe('free');
    }
    await sweepTemporaries(dirname(path));
    expect(readdirSync(dirname(path))).toEqual([]);
    rmSync(code, { recursive: true });
  });

  it('of another host is taken over when its heart stops, not before', async () => {
    heldBy('elsewhere', 1);
    await expect(withLock(path, async () => {}, { timeoutMs: 200 })).rejects.toThrow(/elsewhere/);
    expect(await withLock(path, async () => 'taken', { staleMs: 300 })).toBe('taken');
  });

  it('half written by a killed process does not stay for ever', async () => {
    writeFileSync(`${path}.lock`, '');
    expect(await withLock(path, async () => 'taken', { staleMs: 300 })).toBe('taken');
  });

  it('is not taken from a holder whose heart beats', async () => {
    const holding = withLock(path, () => sleep(3_000));
    await sleep(20);
    const taking = withLock(path, async () => {}, { staleMs: 1_500, timeoutMs: 2_500 });
    await expect(taking).rejects.toMatchObject({ code: 'LOCKED' });
    await holding;
  });

  it('stops waiting when the signal aborts, and throws its reason', async () => {
    heldBy(hostname(), process.pid);
    const reason = new Error('the reader left');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 30);
    await expect(withLock(path, async () => {}, { signal: controller.signal })).rejects.toBe(
      reason,
    );
  });

  it('that was taken away is not removed from its new holder', async () => {
    await withLock(path, async () => {
      rmSync(`${path}.lock`);
      heldBy('elsewhere', 1);
    });
    expect(readFileSync(`${path}.lock`, 'utf8')).toContain('elsewhere');
  });

  it('keeps a counter right over four processes, one of which is killed with it held', async () => {
    const code = emitFolders('store');
    writeFileSync(path, '0');
    const count = `
      import { readFileSync, writeFileSync } from 'node:fs';
      import { withLock } from './store/lock.js';
      const path = ${JSON.stringify(path)};
      for (let i = 0; i < 100; i++) {
        await withLock(path, async () => {
          const n = Number(readFileSync(path, 'utf8'));
          await new Promise((resolve) => setImmediate(resolve));
          writeFileSync(path, String(n + 1));
        });
      }`;
    const holder = startChild(
      code,
      `import { withLock } from './store/lock.js';
       await withLock(${JSON.stringify(path)}, () => { console.log('held'); return new Promise((r) => setTimeout(r, 1e6)); });`,
    );
    await new Promise((resolve) => holder.process.stdout?.once('data', resolve));
    const counters = [1, 2, 3].map(() => startChild(code, count));
    setTimeout(() => holder.process.kill('SIGKILL'), 300);
    for (const { ended } of counters) expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(path, 'utf8')).toBe('300');
    rmSync(code, { recursive: true });
  });
});

describe('isLocked', () => {
  it('is so while a living process holds the lock, and not where it has ended', async () => {
    expect(await isLocked(path)).toBe(false);
    expect(await withLock(path, () => isLocked(path))).toBe(true);
    expect(await isLocked(path)).toBe(false);
    heldBy(hostname(), 4_194_305);
    expect(await isLocked(path)).toBe(false);
    heldBy('another host', 4_194_305);
    expect(await isLocked(path)).toBe(true);
  });
});
